<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewTask extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string $instructions Markdown.
     * @param int $idleLimitSeconds Longer than this on one item is not counted as work.
     * @param int $undoSeconds How long a verdict can be taken back by whoever gave it.
     * @param list<Label> $labels
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $task,
        public readonly string $title,
        public readonly string $instructions,
        public readonly int $idleLimitSeconds,
        public readonly int $undoSeconds,
        public readonly array $labels = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['task'] ?? null),
            Read::string($data['title'] ?? null),
            Read::string($data['instructions'] ?? null),
            Read::int($data['idle_limit_seconds'] ?? null),
            Read::int($data['undo_seconds'] ?? null),
            array_map(static fn (mixed $item): Label => Label::fromArray(Read::object($item)), Read::list($data['labels'] ?? null)),
            $data,
        );
    }
}
