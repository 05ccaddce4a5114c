<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewItem extends Record
{
    /**
     * @param string $item Id of a review item, `itm_…`.
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string $status `waiting`, `claimed`, `escalated`, `answered`, `closed`.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param ReviewItemLead|null $lead
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $item,
        public readonly string $task,
        public readonly string $status,
        public readonly ReviewItemDecision $decision,
        public readonly \DateTimeImmutable $createdAt,
        public readonly ?ReviewItemLead $lead = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['item'] ?? null),
            Read::string($data['task'] ?? null),
            Read::string($data['status'] ?? null),
            ReviewItemDecision::fromArray(Read::object($data['decision'] ?? null)),
            Read::time($data['created_at'] ?? null),
            \is_array($data['lead'] ?? null) ? ReviewItemLead::fromArray(Read::object($data['lead'] ?? null)) : null,
            $data,
        );
    }
}
