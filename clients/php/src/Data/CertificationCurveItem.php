<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class CertificationCurveItem extends Record
{
    /**
     * @param float $coverage 0…1
     * @param float $error 0…1
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly float $threshold,
        public readonly float $coverage,
        public readonly float $error,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::float($data['threshold'] ?? null),
            Read::float($data['coverage'] ?? null),
            Read::float($data['error'] ?? null),
            $data,
        );
    }
}
