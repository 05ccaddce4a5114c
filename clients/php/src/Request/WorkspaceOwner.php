<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * Its first member, who signs in with the code in the answer.
 */
final class WorkspaceOwner extends Request
{
    protected const FIELDS = [
        'name' => 'name',
        'email' => 'email',
    ];

    /**
     * @param string $name For people; need not be unique. No control characters, no space at the beginning.
     * @param string|null $email To tell people apart; unique within the workspace. Nothing is sent to it.
     */
    public function __construct(
        public readonly string $name,
        public readonly ?string $email = null,
    ) {
    }
}
