<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class SourceCounts extends Record
{
    /**
     * @param int $unprocessable Those are in the dead letters.
     * @param int $duplicates Deliveries of messages that had been handled.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $messages,
        public readonly int $decided,
        public readonly int $unprocessable,
        public readonly int $duplicates,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['messages'] ?? null),
            Read::int($data['decided'] ?? null),
            Read::int($data['unprocessable'] ?? null),
            Read::int($data['duplicates'] ?? null),
            $data,
        );
    }
}
