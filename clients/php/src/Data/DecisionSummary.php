<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class DecisionSummary extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string $outcome `automated`, `review`.
     * @param string $automation `certified`, `uncertified`, `off`.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param bool $erased The personal data was erased; hashes and proofs still hold.
     * @param string|null $label
     * @param Suggestion|null $suggestion
     * @param float|null $confidence
     * @param float|null $threshold
     * @param ReviewState|null $review
     * @param list<Candidate> $candidates
     * @param DecidedBy|null $decidedBy
     * @param string|null $externalId
     * @param string|null $subject
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $task,
        public readonly int $taskRevision,
        public readonly string $outcome,
        public readonly string $automation,
        public readonly \DateTimeImmutable $createdAt,
        public readonly Money $cost,
        public readonly bool $erased,
        public readonly ?string $label = null,
        public readonly ?Suggestion $suggestion = null,
        public readonly ?float $confidence = null,
        public readonly ?float $threshold = null,
        public readonly ?ReviewState $review = null,
        public readonly array $candidates = [],
        public readonly ?DecidedBy $decidedBy = null,
        public readonly ?string $externalId = null,
        public readonly ?string $subject = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['id'] ?? null),
            Read::string($data['task'] ?? null),
            Read::int($data['task_revision'] ?? null),
            Read::string($data['outcome'] ?? null),
            Read::string($data['automation'] ?? null),
            Read::time($data['created_at'] ?? null),
            Money::fromArray(Read::object($data['cost'] ?? null)),
            Read::bool($data['erased'] ?? null),
            Read::nullableString($data['label'] ?? null),
            \is_array($data['suggestion'] ?? null) ? Suggestion::fromArray(Read::object($data['suggestion'] ?? null)) : null,
            Read::nullableFloat($data['confidence'] ?? null),
            Read::nullableFloat($data['threshold'] ?? null),
            \is_array($data['review'] ?? null) ? ReviewState::fromArray(Read::object($data['review'] ?? null)) : null,
            array_map(static fn (mixed $item): Candidate => Candidate::fromArray(Read::object($item)), Read::list($data['candidates'] ?? null)),
            \is_array($data['decided_by'] ?? null) ? DecidedBy::fromArray(Read::object($data['decided_by'] ?? null)) : null,
            Read::nullableString($data['external_id'] ?? null),
            Read::nullableString($data['subject'] ?? null),
            $data,
        );
    }
}
