<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class NewWorkspaceOwner extends Record
{
    /**
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly Member $member,
        public readonly SignInCode $signIn,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Member::fromArray(Read::object($data['member'] ?? null)),
            SignInCode::fromArray(Read::object($data['sign_in'] ?? null)),
            self::masked($data, ['sign_in.code', 'sign_in.path']),
        );
    }
}
