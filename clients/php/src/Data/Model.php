<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Model extends Record
{
    /**
     * @param string $model Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param list<ModelAlias> $aliases
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $model,
        public readonly string $latestVersion,
        public readonly \DateTimeImmutable $createdAt,
        public readonly array $aliases = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['model'] ?? null),
            Read::string($data['latest_version'] ?? null),
            Read::time($data['created_at'] ?? null),
            array_map(static fn (mixed $item): ModelAlias => ModelAlias::fromArray(Read::object($item)), Read::list($data['aliases'] ?? null)),
            $data,
        );
    }
}
