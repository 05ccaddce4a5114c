<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewItemLeadOpinion extends Record
{
    /**
     * @param \DateTimeImmutable $at RFC 3339, UTC.
     * @param string|null $note
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $reviewer,
        public readonly string $label,
        public readonly float $seconds,
        public readonly bool $suggestionShown,
        public readonly bool $undone,
        public readonly \DateTimeImmutable $at,
        public readonly ?string $note = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['reviewer'] ?? null),
            Read::string($data['label'] ?? null),
            Read::float($data['seconds'] ?? null),
            Read::bool($data['suggestion_shown'] ?? null),
            Read::bool($data['undone'] ?? null),
            Read::time($data['at'] ?? null),
            Read::nullableString($data['note'] ?? null),
            $data,
        );
    }
}
