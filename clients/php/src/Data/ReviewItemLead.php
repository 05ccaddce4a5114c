<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewItemLead extends Record
{
    /**
     * @param string $kind `review`, `audit`, `appeal`, `gold`. Why the item stands in the queue. `gold` is an item
     *     whose answer is known.
     * @param string|null $reason
     * @param Suggestion|null $suggestion
     * @param string|null $escalation by_reviewer, skipped or disagreement, where a lead has to decide.
     * @param string|null $closedReason answered_elsewhere, erased, task_deleted or labels_gone.
     * @param string|null $claimedBy
     * @param \DateTimeImmutable|null $claimExpiresAt
     * @param list<ReviewItemLeadOpinion> $opinions Oldest first. Empty in lists.
     * @param list<ReviewItemLeadNote> $notes What reviewers wrote when they handed the item back.
     * @param string|null $answer
     * @param \DateTimeImmutable|null $answeredAt
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $kind,
        public readonly int $skips,
        public readonly ?string $reason = null,
        public readonly ?Suggestion $suggestion = null,
        public readonly ?string $escalation = null,
        public readonly ?string $closedReason = null,
        public readonly ?string $claimedBy = null,
        public readonly ?\DateTimeImmutable $claimExpiresAt = null,
        public readonly array $opinions = [],
        public readonly array $notes = [],
        public readonly ?string $answer = null,
        public readonly ?\DateTimeImmutable $answeredAt = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['kind'] ?? null),
            Read::int($data['skips'] ?? null),
            Read::nullableString($data['reason'] ?? null),
            \is_array($data['suggestion'] ?? null) ? Suggestion::fromArray(Read::object($data['suggestion'] ?? null)) : null,
            Read::nullableString($data['escalation'] ?? null),
            Read::nullableString($data['closed_reason'] ?? null),
            Read::nullableString($data['claimed_by'] ?? null),
            Read::nullableTime($data['claim_expires_at'] ?? null),
            array_map(static fn (mixed $item): ReviewItemLeadOpinion => ReviewItemLeadOpinion::fromArray(Read::object($item)), Read::list($data['opinions'] ?? null)),
            array_map(static fn (mixed $item): ReviewItemLeadNote => ReviewItemLeadNote::fromArray(Read::object($item)), Read::list($data['notes'] ?? null)),
            Read::nullableString($data['answer'] ?? null),
            Read::nullableTime($data['answered_at'] ?? null),
            $data,
        );
    }
}
