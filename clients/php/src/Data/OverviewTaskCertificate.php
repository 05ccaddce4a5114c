<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class OverviewTaskCertificate extends Record
{
    /**
     * @param \DateTimeImmutable $at RFC 3339, UTC.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $status,
        public readonly string $modelVersion,
        public readonly \DateTimeImmutable $at,
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
            Read::string($data['status'] ?? null),
            Read::string($data['model_version'] ?? null),
            Read::time($data['at'] ?? null),
            $data,
        );
    }
}
