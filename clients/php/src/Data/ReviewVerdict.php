<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewVerdict extends Record
{
    /**
     * @param string $item Id of a review item, `itm_…`.
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param float $seconds As counted.
     * @param \DateTimeImmutable $answeredAt RFC 3339, UTC.
     * @param \DateTimeImmutable $undoUntil RFC 3339, UTC.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $item,
        public readonly string $task,
        public readonly string $decision,
        public readonly string $label,
        public readonly float $seconds,
        public readonly \DateTimeImmutable $answeredAt,
        public readonly \DateTimeImmutable $undoUntil,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['item'] ?? null),
            Read::string($data['task'] ?? null),
            Read::string($data['decision'] ?? null),
            Read::string($data['label'] ?? null),
            Read::float($data['seconds'] ?? null),
            Read::time($data['answered_at'] ?? null),
            Read::time($data['undo_until'] ?? null),
            $data,
        );
    }
}
