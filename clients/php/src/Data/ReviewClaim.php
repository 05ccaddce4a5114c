<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewClaim extends Record
{
    /**
     * @param string $item Id of a review item, `itm_…`.
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string $claimToken From the claim. Another claim of the item gets another token, and this one is worth
     *     nothing from then on.
     * @param \DateTimeImmutable $expiresAt From then on another reviewer may get the item; until one does, a
     *     verdict still counts.
     * @param list<string> $labels The answers that this item can have: labels of the task that its decision already
     *     knew.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $item,
        public readonly string $task,
        public readonly string $claimToken,
        public readonly \DateTimeImmutable $expiresAt,
        public readonly ReviewClaimDecision $decision,
        public readonly array $labels = [],
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
            Read::string($data['claim_token'] ?? null),
            Read::time($data['expires_at'] ?? null),
            ReviewClaimDecision::fromArray(Read::object($data['decision'] ?? null)),
            Read::strings($data['labels'] ?? null),
            $data,
        );
    }
}
