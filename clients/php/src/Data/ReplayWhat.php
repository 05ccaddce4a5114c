<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReplayWhat extends Record
{
    /**
     * @param float|null $maxError
     * @param float|null $confidence
     * @param string|null $modelVersion
     * @param float|null $threshold
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly ?float $maxError = null,
        public readonly ?float $confidence = null,
        public readonly ?string $modelVersion = null,
        public readonly ?float $threshold = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::nullableFloat($data['max_error'] ?? null),
            Read::nullableFloat($data['confidence'] ?? null),
            Read::nullableString($data['model_version'] ?? null),
            Read::nullableFloat($data['threshold'] ?? null),
            $data,
        );
    }
}
