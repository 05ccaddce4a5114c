<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class DatasetRowDifferenceAfter extends Record
{
    /**
     * @param string $digest SHA-256 of the row’s canonical content, hex.
     * @param string $source `import`, `reviewer`, `audit`, `application`. Where the label comes from; all but
     *     `import` are labels of decisions.
     * @param string|null $subject
     * @param string|null $externalId
     * @param \DateTimeImmutable|null $occurredAt
     * @param array<string, mixed> $attributes
     * @param float|null $probability
     * @param string|null $decision
     * @param \DateTimeImmutable|null $labelledAt
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $label,
        public readonly string $digest,
        public readonly string $source,
        public readonly ?string $subject = null,
        public readonly ?string $externalId = null,
        public readonly ?\DateTimeImmutable $occurredAt = null,
        public readonly array $attributes = [],
        public readonly ?float $probability = null,
        public readonly ?string $decision = null,
        public readonly ?\DateTimeImmutable $labelledAt = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['label'] ?? null),
            Read::string($data['digest'] ?? null),
            Read::string($data['source'] ?? null),
            Read::nullableString($data['subject'] ?? null),
            Read::nullableString($data['external_id'] ?? null),
            Read::nullableTime($data['occurred_at'] ?? null),
            Read::object($data['attributes'] ?? null),
            Read::nullableFloat($data['probability'] ?? null),
            Read::nullableString($data['decision'] ?? null),
            Read::nullableTime($data['labelled_at'] ?? null),
            $data,
        );
    }
}
