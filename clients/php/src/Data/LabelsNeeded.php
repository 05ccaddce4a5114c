<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class LabelsNeeded extends Record
{
    /**
     * @param int|null $labels
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $reason,
        public readonly ?int $labels = null,
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
            Read::nullableInt($data['labels'] ?? null),
            $data,
        );
    }
}
