<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewReviewer extends Record
{
    /**
     * @param string $reviewer Id of the key or member.
     * @param \DateTimeImmutable $lastVerdictAt RFC 3339, UTC.
     * @param Proportion $gold count of n, with its exact 95 % interval (Clopper–Pearson); null without evidence.
     * @param Proportion $agreement count of n, with its exact 95 % interval (Clopper–Pearson); null without
     *     evidence.
     * @param ReviewReviewerConfirmation $confirmation `shown`: how often a suggestion that the reviewer saw was
     *     confirmed; `blind`: how often the reviewer agreed with one unseen; p-value of Fisher’s exact test that seeing it
     *     changes nothing.
     * @param float|null $medianSeconds
     * @param float|null $estimatedAccuracy By Dawid–Skene from items with several opinions; null where there are
     *     too few.
     * @param list<string> $flags
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $reviewer,
        public readonly int $verdicts,
        public readonly float $minutes,
        public readonly \DateTimeImmutable $lastVerdictAt,
        public readonly Proportion $gold,
        public readonly Proportion $agreement,
        public readonly ReviewReviewerConfirmation $confirmation,
        public readonly ?float $medianSeconds = null,
        public readonly ?float $estimatedAccuracy = null,
        public readonly array $flags = [],
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
            Read::int($data['verdicts'] ?? null),
            Read::float($data['minutes'] ?? null),
            Read::time($data['last_verdict_at'] ?? null),
            Proportion::fromArray(Read::object($data['gold'] ?? null)),
            Proportion::fromArray(Read::object($data['agreement'] ?? null)),
            ReviewReviewerConfirmation::fromArray(Read::object($data['confirmation'] ?? null)),
            Read::nullableFloat($data['median_seconds'] ?? null),
            Read::nullableFloat($data['estimated_accuracy'] ?? null),
            Read::strings($data['flags'] ?? null),
            $data,
        );
    }
}
