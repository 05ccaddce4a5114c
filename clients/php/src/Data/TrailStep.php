<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class TrailStep extends Record
{
    /**
     * @param string $place `source`, `job`, `decision`, `review`, `label`, `reply`, `webhook`, `callback`,
     *     `dead_letter`, `replay`.
     * @param string $what For people; its words may change.
     * @param bool $current Where it is now, or how it ended there.
     * @param \DateTimeImmutable|null $at Null where nothing says when.
     * @param array<string, mixed> $details
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $place,
        public readonly string $id,
        public readonly string $what,
        public readonly bool $current,
        public readonly ?\DateTimeImmutable $at = null,
        public readonly array $details = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['place'] ?? null),
            Read::string($data['id'] ?? null),
            Read::string($data['what'] ?? null),
            Read::bool($data['current'] ?? null),
            Read::nullableTime($data['at'] ?? null),
            Read::object($data['details'] ?? null),
            $data,
        );
    }
}
