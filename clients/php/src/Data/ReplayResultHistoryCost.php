<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReplayResultHistoryCost extends Record
{
    /**
     * @param string|null $model
     * @param string|null $reviewer
     * @param string|null $errors
     * @param string|null $total
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $currency,
        public readonly ?string $model = null,
        public readonly ?string $reviewer = null,
        public readonly ?string $errors = null,
        public readonly ?string $total = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['currency'] ?? null),
            Read::nullableString($data['model'] ?? null),
            Read::nullableString($data['reviewer'] ?? null),
            Read::nullableString($data['errors'] ?? null),
            Read::nullableString($data['total'] ?? null),
            $data,
        );
    }
}
