<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * RFC 6962 §2.1.2: the log of `second` begins with that of `first`.
 */
final class LedgerConsistency extends Record
{
    /**
     * @param list<string> $path
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $workspace,
        public readonly LedgerHeadPoint $first,
        public readonly LedgerHeadPoint $second,
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
            Read::string($data['workspace'] ?? null),
            LedgerHeadPoint::fromArray(Read::object($data['first'] ?? null)),
            LedgerHeadPoint::fromArray(Read::object($data['second'] ?? null)),
            Read::strings($data['path'] ?? null),
            $data,
        );
    }
}
