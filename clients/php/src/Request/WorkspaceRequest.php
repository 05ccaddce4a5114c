<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For workspaces()->create().
 */
final class WorkspaceRequest extends Request
{
    protected const FIELDS = [
        'name' => 'name',
        'demo' => 'demo',
        'owner' => 'owner',
    ];

    /**
     * @param string $name For people; need not be unique. No control characters, no space at the beginning.
     * @param bool|null $demo It will be filled with example data. Absent = false.
     * @param WorkspaceOwner|array<string, mixed>|null $owner Its first member, who signs in with the code in the
     *     answer.
     */
    public function __construct(
        public readonly string $name,
        public readonly ?bool $demo = null,
        public readonly WorkspaceOwner|array|null $owner = null,
    ) {
    }
}
