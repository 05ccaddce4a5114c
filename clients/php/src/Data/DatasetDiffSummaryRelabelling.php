<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class DatasetDiffSummaryRelabelling extends Record
{
    /**
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $from,
        public readonly string $to,
        public readonly int $rows,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['from'] ?? null),
            Read::string($data['to'] ?? null),
            Read::int($data['rows'] ?? null),
            $data,
        );
    }
}
