<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;
use Understudy\Client\Secret;

final class SignInCode extends Record
{
    /**
     * @param Secret $code Opens one session, once. Shown in this answer and never again.
     * @param Secret $path The path of the dashboard that signs in with it: put it behind the server’s address.
     *     The code is in its fragment, which browsers send nowhere.
     * @param \DateTimeImmutable $expiresAt RFC 3339, UTC.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly Secret $code,
        public readonly Secret $path,
        public readonly \DateTimeImmutable $expiresAt,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            new Secret(Read::string($data['code'] ?? null)),
            new Secret(Read::string($data['path'] ?? null)),
            Read::time($data['expires_at'] ?? null),
            self::masked($data, ['code', 'path']),
        );
    }
}
