<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class CertificationPreview extends Record
{
    /**
     * @param DialPosition|null $asked
     * @param list<DialPosition> $dial
     * @param int|null $decisionsLast30Days
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly DialPosition $present,
        public readonly string $modelVersion,
        public readonly ?DialPosition $asked = null,
        public readonly array $dial = [],
        public readonly ?int $decisionsLast30Days = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            DialPosition::fromArray(Read::object($data['present'] ?? null)),
            Read::string($data['model_version'] ?? null),
            \is_array($data['asked'] ?? null) ? DialPosition::fromArray(Read::object($data['asked'] ?? null)) : null,
            array_map(static fn (mixed $item): DialPosition => DialPosition::fromArray(Read::object($item)), Read::list($data['dial'] ?? null)),
            Read::nullableInt($data['decisions_last_30_days'] ?? null),
            $data,
        );
    }
}
