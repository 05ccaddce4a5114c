<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * `gone`: the receiver answered 410. `failing`: nothing but failures for days.
 */
final class Disabled extends Record
{
    /**
     * @param string $reason `asked`, `gone`, `failing`.
     * @param \DateTimeImmutable $at RFC 3339, UTC.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $reason,
        public readonly \DateTimeImmutable $at,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['reason'] ?? null),
            Read::time($data['at'] ?? null),
            $data,
        );
    }
}
