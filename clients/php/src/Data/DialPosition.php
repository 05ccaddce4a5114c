<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class DialPosition extends Record
{
    /**
     * @param string $status `certified`, `not_certifiable_yet`.
     * @param float $expectedCoverage 0…1
     * @param float|null $threshold
     * @param float|null $expectedError
     * @param LabelsNeeded|null $needed
     * @param DialPositionPerMonth|null $perMonth
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly float $maxError,
        public readonly float $confidence,
        public readonly string $status,
        public readonly float $expectedCoverage,
        public readonly ?float $threshold = null,
        public readonly ?float $expectedError = null,
        public readonly ?LabelsNeeded $needed = null,
        public readonly ?DialPositionPerMonth $perMonth = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::float($data['max_error'] ?? null),
            Read::float($data['confidence'] ?? null),
            Read::string($data['status'] ?? null),
            Read::float($data['expected_coverage'] ?? null),
            Read::nullableFloat($data['threshold'] ?? null),
            Read::nullableFloat($data['expected_error'] ?? null),
            \is_array($data['needed'] ?? null) ? LabelsNeeded::fromArray(Read::object($data['needed'] ?? null)) : null,
            \is_array($data['per_month'] ?? null) ? DialPositionPerMonth::fromArray(Read::object($data['per_month'] ?? null)) : null,
            $data,
        );
    }
}
