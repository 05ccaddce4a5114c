<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewReviewers extends Record
{
    /**
     * @param \DateTimeImmutable $since RFC 3339, UTC.
     * @param list<ReviewReviewer> $data
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly \DateTimeImmutable $since,
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
            Read::time($data['since'] ?? null),
            array_map(static fn (mixed $item): ReviewReviewer => ReviewReviewer::fromArray(Read::object($item)), Read::list($data['data'] ?? null)),
            $data,
        );
    }
}
