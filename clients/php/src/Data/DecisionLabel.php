<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class DecisionLabel extends Record
{
    /**
     * @param string $source `application`, `appeal`, `reviewer`, `audit`, `import`.
     * @param bool $echo Our own answer, copied back: never counted.
     * @param string $givenBy Id of the key or member that gave it.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param string|null $note
     * @param string|null $person The application’s own user who decided.
     * @param float|null $probability With which probability this decision was to be labelled; null = unknown.
     * @param float|null $seconds The reviewer’s active time.
     * @param string|null $item
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $decision,
        public readonly string $label,
        public readonly string $source,
        public readonly bool $echo,
        public readonly string $givenBy,
        public readonly \DateTimeImmutable $createdAt,
        public readonly ?string $note = null,
        public readonly ?string $person = null,
        public readonly ?float $probability = null,
        public readonly ?float $seconds = null,
        public readonly ?string $item = null,
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
            Read::string($data['decision'] ?? null),
            Read::string($data['label'] ?? null),
            Read::string($data['source'] ?? null),
            Read::bool($data['echo'] ?? null),
            Read::string($data['given_by'] ?? null),
            Read::time($data['created_at'] ?? null),
            Read::nullableString($data['note'] ?? null),
            Read::nullableString($data['person'] ?? null),
            Read::nullableFloat($data['probability'] ?? null),
            Read::nullableFloat($data['seconds'] ?? null),
            Read::nullableString($data['item'] ?? null),
            $data,
        );
    }
}
