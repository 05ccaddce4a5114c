<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * The RFC 6962 tree head of the workspace’s log. Keep it to recognise later changes.
 */
final class LedgerHead extends Record
{
    /**
     * @param int $size Commits in the log.
     * @param string $head SHA-256, hexadecimal.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $size,
        public readonly int $entries,
        public readonly int $decisions,
        public readonly string $head,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['size'] ?? null),
            Read::int($data['entries'] ?? null),
            Read::int($data['decisions'] ?? null),
            Read::string($data['head'] ?? null),
            $data,
        );
    }
}
