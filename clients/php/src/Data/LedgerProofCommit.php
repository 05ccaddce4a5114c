<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class LedgerProofCommit extends Record
{
    /**
     * @param string $root SHA-256, hexadecimal.
     * @param list<string> $path
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $seq,
        public readonly int $entries,
        public readonly int $committedAtMs,
        public readonly string $root,
        public readonly int $position,
        public readonly array $path = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['seq'] ?? null),
            Read::int($data['entries'] ?? null),
            Read::int($data['committed_at_ms'] ?? null),
            Read::string($data['root'] ?? null),
            Read::int($data['position'] ?? null),
            Read::strings($data['path'] ?? null),
            $data,
        );
    }
}
