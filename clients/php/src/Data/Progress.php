<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Progress extends Record
{
    /**
     * @param int|null $etaSeconds
     * @param string|null $detail
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly float $done,
        public readonly float $total,
        public readonly string $unit,
        public readonly string $phase,
        public readonly ?int $etaSeconds = null,
        public readonly ?string $detail = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::float($data['done'] ?? null),
            Read::float($data['total'] ?? null),
            Read::string($data['unit'] ?? null),
            Read::string($data['phase'] ?? null),
            Read::nullableInt($data['eta_seconds'] ?? null),
            Read::nullableString($data['detail'] ?? null),
            $data,
        );
    }
}
