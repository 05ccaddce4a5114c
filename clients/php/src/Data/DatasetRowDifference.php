<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class DatasetRowDifference extends Record
{
    /**
     * @param string $change `relabelled`, `added`, `removed`, `changed`. `changed`: the same text and label, but
     *     something else about the row differs.
     * @param DatasetRowDifferenceBefore|null $before As the base has it; null = it does not.
     * @param DatasetRowDifferenceAfter|null $after As this version has it; null = it does not.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $change,
        public readonly string $text,
        public readonly ?DatasetRowDifferenceBefore $before = null,
        public readonly ?DatasetRowDifferenceAfter $after = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['change'] ?? null),
            Read::string($data['text'] ?? null),
            \is_array($data['before'] ?? null) ? DatasetRowDifferenceBefore::fromArray(Read::object($data['before'] ?? null)) : null,
            \is_array($data['after'] ?? null) ? DatasetRowDifferenceAfter::fromArray(Read::object($data['after'] ?? null)) : null,
            $data,
        );
    }
}
