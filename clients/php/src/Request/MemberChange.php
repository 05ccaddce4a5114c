<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For members()->change(). What is absent stays as it is.
 */
final class MemberChange extends Request
{
    protected const FIELDS = [
        'name' => 'name',
        'email' => 'email',
        'role' => 'role',
        'active' => 'active',
    ];

    protected const NULLS = ['email'];

    /**
     * @param string|null $name For people; need not be unique. No control characters, no space at the beginning.
     * @param string|null|Leave $email To tell people apart; unique within the workspace. Nothing is sent to it.
     *     Null empties it.
     * @param string|null $role `owner`, `admin`, `lead`, `reviewer`, `viewer`.
     */
    public function __construct(
        public readonly ?string $name = null,
        public readonly string|Leave|null $email = Leave::Out,
        public readonly ?string $role = null,
        public readonly ?bool $active = null,
    ) {
    }
}
