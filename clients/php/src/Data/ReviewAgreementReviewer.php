<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewAgreementReviewer extends Record
{
    /**
     * @param float|null $estimatedAccuracy
     * @param list<ReviewAgreementReviewerConfusionItem> $confusion By Dawid–Skene; the largest wrong ones first,
     *     at most 20.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $reviewer,
        public readonly int $opinions,
        public readonly ?float $estimatedAccuracy = null,
        public readonly array $confusion = [],
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
            Read::int($data['opinions'] ?? null),
            Read::nullableFloat($data['estimated_accuracy'] ?? null),
            array_map(static fn (mixed $item): ReviewAgreementReviewerConfusionItem => ReviewAgreementReviewerConfusionItem::fromArray(Read::object($item)), Read::list($data['confusion'] ?? null)),
            $data,
        );
    }
}
