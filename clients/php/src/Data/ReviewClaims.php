<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewClaims extends Record
{
    /**
     * @param list<ReviewClaim> $claims In the order in which to work on them.
     * @param list<ReviewTask> $tasks The tasks of these claims.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly array $claims = [],
        public readonly array $tasks = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            array_map(static fn (mixed $item): ReviewClaim => ReviewClaim::fromArray(Read::object($item)), Read::list($data['claims'] ?? null)),
            array_map(static fn (mixed $item): ReviewTask => ReviewTask::fromArray(Read::object($item)), Read::list($data['tasks'] ?? null)),
            $data,
        );
    }
}
