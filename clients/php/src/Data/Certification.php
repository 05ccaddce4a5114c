<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Certification extends Record
{
    /**
     * @param string $status `certified`, `not_certifiable_yet`, `suspended`.
     * @param bool $inForce Whether decisions are automated by it now: certified, for the present budget, labels and
     *     version.
     * @param float|null $threshold
     * @param float|null $expectedCoverage
     * @param LabelsNeeded|null $needed
     * @param \DateTimeImmutable|null $certifiedAt
     * @param CertificationValidFor|null $validFor
     * @param string|null $certificate
     * @param string|null $rowsDigest
     * @param string|null $score
     * @param list<string> $assumptions
     * @param CertificationSuspension|null $suspension
     * @param list<CertificationCurveItem> $curve The certify rows at each threshold: share accepted, and share of
     *     wrong ones among these.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $status,
        public readonly bool $inForce,
        public readonly float $maxError,
        public readonly float $confidence,
        public readonly CertificationEvidence $evidence,
        public readonly ?float $threshold = null,
        public readonly ?float $expectedCoverage = null,
        public readonly ?LabelsNeeded $needed = null,
        public readonly ?\DateTimeImmutable $certifiedAt = null,
        public readonly ?CertificationValidFor $validFor = null,
        public readonly ?string $certificate = null,
        public readonly ?string $rowsDigest = null,
        public readonly ?string $score = null,
        public readonly array $assumptions = [],
        public readonly ?CertificationSuspension $suspension = null,
        public readonly array $curve = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['status'] ?? null),
            Read::bool($data['in_force'] ?? null),
            Read::float($data['max_error'] ?? null),
            Read::float($data['confidence'] ?? null),
            CertificationEvidence::fromArray(Read::object($data['evidence'] ?? null)),
            Read::nullableFloat($data['threshold'] ?? null),
            Read::nullableFloat($data['expected_coverage'] ?? null),
            \is_array($data['needed'] ?? null) ? LabelsNeeded::fromArray(Read::object($data['needed'] ?? null)) : null,
            Read::nullableTime($data['certified_at'] ?? null),
            \is_array($data['valid_for'] ?? null) ? CertificationValidFor::fromArray(Read::object($data['valid_for'] ?? null)) : null,
            Read::nullableString($data['certificate'] ?? null),
            Read::nullableString($data['rows_digest'] ?? null),
            Read::nullableString($data['score'] ?? null),
            Read::strings($data['assumptions'] ?? null),
            \is_array($data['suspension'] ?? null) ? CertificationSuspension::fromArray(Read::object($data['suspension'] ?? null)) : null,
            array_map(static fn (mixed $item): CertificationCurveItem => CertificationCurveItem::fromArray(Read::object($item)), Read::list($data['curve'] ?? null)),
            $data,
        );
    }
}
