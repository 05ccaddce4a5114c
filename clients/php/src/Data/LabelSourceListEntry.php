<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class LabelSourceListEntry extends Record
{
    /**
     * @param string $givenBy Id of the key.
     * @param int $labels Its labels of decisions to which we had an answer or a suggestion.
     * @param int $agreed Those that said what we had said.
     * @param bool $alwaysAgrees It agrees more often than people who looked could: until it disagrees, its labels
     *     that equal our answer are echoes and not counted.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $givenBy,
        public readonly int $labels,
        public readonly int $agreed,
        public readonly bool $alwaysAgrees,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['given_by'] ?? null),
            Read::int($data['labels'] ?? null),
            Read::int($data['agreed'] ?? null),
            Read::bool($data['always_agrees'] ?? null),
            $data,
        );
    }
}
