<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewQueue extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param int $depth Items that the caller could be given, now or when claims of others end.
     * @param int $claimed Of these, being worked on now.
     * @param float $reviewerMinutesPerDay Minutes that reviewers gave a day, over the last 7 days.
     * @param float $arrivingPerDay Items a day, over the last 7 days (fewer where the queue is younger).
     * @param string $outlook `empty`, `shrinking`, `growing`, `unknown`. `growing`: more arrives than the reviewers
     *     of the last days get through.
     * @param float $suggestionsHidden Share of items shown without the model’s suggestion. Never below 0.5 while
     *     the task has an audit lane, because a missing suggestion would give audits away.
     * @param \DateTimeImmutable|null $oldestAt
     * @param float|null $medianSeconds Per verdict, over the last 7 days; null without one.
     * @param float|null $minutesWaiting Depth × median.
     * @param \DateTimeImmutable|null $expectedEmptyAt When nothing waits any more at this pace; null when it never
     *     happens or nothing is known.
     * @param ReviewQueueLead|null $lead
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $task,
        public readonly string $title,
        public readonly int $depth,
        public readonly int $claimed,
        public readonly float $reviewerMinutesPerDay,
        public readonly float $arrivingPerDay,
        public readonly string $outlook,
        public readonly float $suggestionsHidden,
        public readonly ?\DateTimeImmutable $oldestAt = null,
        public readonly ?float $medianSeconds = null,
        public readonly ?float $minutesWaiting = null,
        public readonly ?\DateTimeImmutable $expectedEmptyAt = null,
        public readonly ?ReviewQueueLead $lead = null,
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
            Read::string($data['title'] ?? null),
            Read::int($data['depth'] ?? null),
            Read::int($data['claimed'] ?? null),
            Read::float($data['reviewer_minutes_per_day'] ?? null),
            Read::float($data['arriving_per_day'] ?? null),
            Read::string($data['outlook'] ?? null),
            Read::float($data['suggestions_hidden'] ?? null),
            Read::nullableTime($data['oldest_at'] ?? null),
            Read::nullableFloat($data['median_seconds'] ?? null),
            Read::nullableFloat($data['minutes_waiting'] ?? null),
            Read::nullableTime($data['expected_empty_at'] ?? null),
            \is_array($data['lead'] ?? null) ? ReviewQueueLead::fromArray(Read::object($data['lead'] ?? null)) : null,
            $data,
        );
    }
}
