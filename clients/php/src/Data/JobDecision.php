<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class JobDecision extends Record
{
    /**
     * @param string|null $externalId
     * @param \Understudy\Client\Decision|null $decision
     * @param Failure|null $error
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $position,
        public readonly ?string $externalId = null,
        public readonly ?\Understudy\Client\Decision $decision = null,
        public readonly ?Failure $error = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['position'] ?? null),
            Read::nullableString($data['external_id'] ?? null),
            \is_array($data['decision'] ?? null) ? \Understudy\Client\Decision::fromArray(Read::object($data['decision'] ?? null)) : null,
            \is_array($data['error'] ?? null) ? Failure::fromArray(Read::object($data['error'] ?? null)) : null,
            $data,
        );
    }
}
