<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class LabelSourceList extends Record
{
    /**
     * @param list<LabelSourceListEntry> $data
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly array $data = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            array_map(static fn (mixed $item): LabelSourceListEntry => LabelSourceListEntry::fromArray(Read::object($item)), Read::list($data['data'] ?? null)),
            $data,
        );
    }
}
