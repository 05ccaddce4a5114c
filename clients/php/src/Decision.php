<?php

declare(strict_types=1);

namespace Understudy\Client;

use Understudy\Client\Data\Candidate;
use Understudy\Client\Data\DecidedBy;
use Understudy\Client\Data\Explanation;
use Understudy\Client\Data\Money;
use Understudy\Client\Data\ReviewState;
use Understudy\Client\Data\Suggestion;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Internal\Read;

/**
 * What was decided about one item. Only an automated decision has a `label`: an uncertain answer cannot be applied by
 * accident, it stands in `suggestion`.
 */
final class Decision implements \JsonSerializable
{
    /**
     * @param string                    $id         `dec_…`; empty for a fallback
     * @param string                    $outcome    `automated` or `review`
     * @param float|null                $confidence 0…1
     * @param float|null                $threshold  confidence from which the task is automated
     * @param string|null               $automation `certified`, `uncertified` or `off`
     * @param list<Candidate>           $candidates best first
     * @param ReviewState|null          $review     why a person decides, and the item in the queue
     * @param UnderstudyException|null  $cause      of a fallback: why there is no answer
     * @param array<string, mixed>      $raw        as the server sent it, fields that this version does not know included
     */
    public function __construct(
        public readonly string $id,
        public readonly string $task,
        public readonly string $outcome,
        public readonly ?string $label = null,
        public readonly ?Suggestion $suggestion = null,
        public readonly ?float $confidence = null,
        public readonly ?float $threshold = null,
        public readonly ?string $automation = null,
        public readonly array $candidates = [],
        public readonly ?DecidedBy $decidedBy = null,
        public readonly ?Money $cost = null,
        public readonly ?\DateTimeImmutable $createdAt = null,
        public readonly ?ReviewState $review = null,
        public readonly ?Explanation $explanation = null,
        public readonly ?string $externalId = null,
        public readonly ?UnderstudyException $cause = null,
        public readonly array $raw = [],
    ) {
    }

    /**
     * Tolerant of missing and unknown fields. Whatever is not clearly `automated` with a label is `review`.
     *
     * @param array<mixed> $data
     */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);
        $label = Read::nullableString($data['label'] ?? null);
        $automated = ($data['outcome'] ?? null) === 'automated' && $label !== null;
        $candidates = [];
        foreach (Read::list($data['candidates'] ?? null) as $candidate) {
            $candidates[] = Candidate::fromArray(Read::object($candidate));
        }

        return new self(
            Read::string($data['id'] ?? null),
            Read::string($data['task'] ?? null),
            $automated ? 'automated' : 'review',
            $automated ? $label : null,
            \is_array($data['suggestion'] ?? null) ? Suggestion::fromArray(Read::object($data['suggestion'])) : null,
            Read::nullableFloat($data['confidence'] ?? null),
            Read::nullableFloat($data['threshold'] ?? null),
            Read::nullableString($data['automation'] ?? null),
            $candidates,
            \is_array($data['decided_by'] ?? null) ? DecidedBy::fromArray(Read::object($data['decided_by'])) : null,
            \is_array($data['cost'] ?? null) ? Money::fromArray(Read::object($data['cost'])) : null,
            Read::nullableTime($data['created_at'] ?? null),
            \is_array($data['review'] ?? null) ? ReviewState::fromArray(Read::object($data['review'])) : null,
            \is_array($data['explanation'] ?? null)
                ? Explanation::fromArray(Read::object($data['explanation']))
                : null,
            Read::nullableString($data['external_id'] ?? null),
            null,
            $data,
        );
    }

    /** What an application goes on with when no answer could be had: a person decides. */
    public static function fallback(string $task, UnderstudyException $cause, ?string $externalId = null): self
    {
        return new self('', $task, 'review', externalId: $externalId, cause: $cause);
    }

    /** The label may be applied. */
    public function isAutomated(): bool
    {
        return $this->outcome === 'automated';
    }

    /** A person decides. */
    public function isReview(): bool
    {
        return !$this->isAutomated();
    }

    /** No answer could be had; `cause` says why. Nothing stands in the server's review queue for it. */
    public function isFallback(): bool
    {
        return $this->cause !== null;
    }

    /**
     * The decision with the API's names of the fields.
     *
     * @return array<string, mixed> as the server sent it
     */
    public function toArray(): array
    {
        if (!$this->isFallback()) {
            return $this->raw;
        }
        $answer = ['id' => '', 'task' => $this->task, 'outcome' => 'review', 'label' => null];

        return $this->externalId === null ? $answer : $answer + ['external_id' => $this->externalId];
    }

    /**
     * Called by json_encode().
     *
     * @return array<string, mixed>
     */
    public function jsonSerialize(): array
    {
        return $this->toArray();
    }
}
