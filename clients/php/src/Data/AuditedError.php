<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * The share of automated decisions that were wrong, from the audit lane.
 */
final class AuditedError extends Record
{
    /**
     * @param int $audited Automated decisions that the audit lane drew and a person has labelled.
     * @param int $wrong Those of them that were wrong.
     * @param int $pending Drawn, and not labelled yet.
     * @param int $unaudited Automated decisions made while no audit lane ran: no figure covers them.
     * @param float|null $estimate
     * @param AuditedErrorCorrected|null $corrected
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly float $low,
        public readonly float $high,
        public readonly string $method,
        public readonly int $audited,
        public readonly int $wrong,
        public readonly int $drawn,
        public readonly int $pending,
        public readonly int $unaudited,
        public readonly ?float $estimate = null,
        public readonly ?AuditedErrorCorrected $corrected = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::float($data['low'] ?? null),
            Read::float($data['high'] ?? null),
            Read::string($data['method'] ?? null),
            Read::int($data['audited'] ?? null),
            Read::int($data['wrong'] ?? null),
            Read::int($data['drawn'] ?? null),
            Read::int($data['pending'] ?? null),
            Read::int($data['unaudited'] ?? null),
            Read::nullableFloat($data['estimate'] ?? null),
            \is_array($data['corrected'] ?? null) ? AuditedErrorCorrected::fromArray(Read::object($data['corrected'] ?? null)) : null,
            $data,
        );
    }
}
