<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;
use Understudy\Client\Secret;

/**
 * What the callbacks of jobs are signed with.
 */
final class CallbackSecret extends Record
{
    /**
     * @param Secret $secret `whsec_…`: verifies signatures (Standard Webhooks). Shown in this answer and never
     *     again.
     * @param \DateTimeImmutable|null $previousSecretUntil
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly Secret $secret,
        public readonly ?\DateTimeImmutable $previousSecretUntil = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            new Secret(Read::string($data['secret'] ?? null)),
            Read::nullableTime($data['previous_secret_until'] ?? null),
            self::masked($data, ['secret']),
        );
    }
}
