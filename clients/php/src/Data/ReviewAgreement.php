<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewAgreement extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param \DateTimeImmutable $since RFC 3339, UTC.
     * @param int $items Items with at least two opinions.
     * @param Proportion $agreement count of n, with its exact 95 % interval (Clopper–Pearson); null without
     *     evidence.
     * @param float|null $alpha Krippendorff’s α, nominal; null where it is not defined.
     * @param list<ReviewAgreementConfusion> $confusions Pairs of labels that reviewers mixed up, most often first;
     *     at most 50.
     * @param list<ReviewAgreementReviewer> $reviewers
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $task,
        public readonly \DateTimeImmutable $since,
        public readonly int $items,
        public readonly Proportion $agreement,
        public readonly ?float $alpha = null,
        public readonly array $confusions = [],
        public readonly array $reviewers = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['task'] ?? null),
            Read::time($data['since'] ?? null),
            Read::int($data['items'] ?? null),
            Proportion::fromArray(Read::object($data['agreement'] ?? null)),
            Read::nullableFloat($data['alpha'] ?? null),
            array_map(static fn (mixed $item): ReviewAgreementConfusion => ReviewAgreementConfusion::fromArray(Read::object($item)), Read::list($data['confusions'] ?? null)),
            array_map(static fn (mixed $item): ReviewAgreementReviewer => ReviewAgreementReviewer::fromArray(Read::object($item)), Read::list($data['reviewers'] ?? null)),
            $data,
        );
    }
}
