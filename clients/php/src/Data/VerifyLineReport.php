<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class VerifyLineReport extends Record
{
    /**
     * @param string $head SHA-256, hexadecimal.
     * @param array<string, int> $damage
     * @param list<VerifyLineReportFoundItem> $found
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly bool $ok,
        public readonly string $workspace,
        public readonly string $head,
        public readonly int $size,
        public readonly int $entries,
        public readonly int $erased,
        public readonly array $damage = [],
        public readonly array $found = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::bool($data['ok'] ?? null),
            Read::string($data['workspace'] ?? null),
            Read::string($data['head'] ?? null),
            Read::int($data['size'] ?? null),
            Read::int($data['entries'] ?? null),
            Read::int($data['erased'] ?? null),
            array_map(static fn (mixed $item): int => Read::int($item), Read::object($data['damage'] ?? null)),
            array_map(static fn (mixed $item): VerifyLineReportFoundItem => VerifyLineReportFoundItem::fromArray(Read::object($item)), Read::list($data['found'] ?? null)),
            $data,
        );
    }
}
