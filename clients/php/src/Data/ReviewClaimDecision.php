<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewClaimDecision extends Record
{
    /**
     * @param Suggestion|null $suggestion
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly mixed $input = null,
        public readonly ?Suggestion $suggestion = null,
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
            $data['input'] ?? null,
            \is_array($data['suggestion'] ?? null) ? Suggestion::fromArray(Read::object($data['suggestion'] ?? null)) : null,
            $data,
        );
    }
}
