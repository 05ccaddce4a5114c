<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * The same without the reviewers’ own errors (Rogan and Gladen; interval of Lang and Reiczigel, for one look). Of
 * the whole window of one task only; null where no gold item was answered.
 */
final class AuditedErrorCorrected extends Record
{
    /**
     * @param float $reviewerError The share of gold items that reviewers answered wrong.
     * @param int $basedOn Answers to gold items (of the last 90 days) that this is known from.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly float $estimate,
        public readonly float $low,
        public readonly float $high,
        public readonly float $reviewerError,
        public readonly int $basedOn,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::float($data['estimate'] ?? null),
            Read::float($data['low'] ?? null),
            Read::float($data['high'] ?? null),
            Read::float($data['reviewer_error'] ?? null),
            Read::int($data['based_on'] ?? null),
            $data,
        );
    }
}
