<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class DeadLetterReplay extends Record
{
    /**
     * @param bool $more More letters match the filter: ask again.
     * @param list<DeadLetterReplayRefusedItem> $refused
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $replayed,
        public readonly bool $more,
        public readonly array $refused = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['replayed'] ?? null),
            Read::bool($data['more'] ?? null),
            array_map(static fn (mixed $item): DeadLetterReplayRefusedItem => DeadLetterReplayRefusedItem::fromArray(Read::object($item)), Read::list($data['refused'] ?? null)),
            $data,
        );
    }
}
