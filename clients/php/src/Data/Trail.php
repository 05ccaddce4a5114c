<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Trail extends Record
{
    /**
     * @param bool $complete False where it leads on further than is shown.
     * @param list<TrailId> $ids What the trail leads over: messages, jobs, decisions, dead letters, replies.
     * @param list<TrailStep> $steps Oldest first.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly bool $complete,
        public readonly array $ids = [],
        public readonly array $steps = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['id'] ?? null),
            Read::bool($data['complete'] ?? null),
            array_map(static fn (mixed $item): TrailId => TrailId::fromArray(Read::object($item)), Read::list($data['ids'] ?? null)),
            array_map(static fn (mixed $item): TrailStep => TrailStep::fromArray(Read::object($item)), Read::list($data['steps'] ?? null)),
            $data,
        );
    }
}
