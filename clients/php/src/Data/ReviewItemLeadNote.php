<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewItemLeadNote extends Record
{
    /**
     * @param \DateTimeImmutable $at RFC 3339, UTC.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $by,
        public readonly string $action,
        public readonly string $note,
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
            Read::string($data['by'] ?? null),
            Read::string($data['action'] ?? null),
            Read::string($data['note'] ?? null),
            Read::time($data['at'] ?? null),
            $data,
        );
    }
}
