<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class CertificationEvidence extends Record
{
    /**
     * @param float|null $pValue
     * @param string|null $method
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $labelled,
        public readonly int $accepted,
        public readonly int $errors,
        public readonly ?float $pValue = null,
        public readonly ?string $method = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['labelled'] ?? null),
            Read::int($data['accepted'] ?? null),
            Read::int($data['errors'] ?? null),
            Read::nullableFloat($data['p_value'] ?? null),
            Read::nullableString($data['method'] ?? null),
            $data,
        );
    }
}
