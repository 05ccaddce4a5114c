<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class TaskCertification extends Record
{
    /**
     * @param string $imports `random_sample`, `excluded`. Whether imported examples are a random sample of what
     *     will be decided. Only then may they certify, and the certificate says that it assumes so.
     * @param int|null $windowDays Labels older than this do not certify.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $imports,
        public readonly ?int $windowDays = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['imports'] ?? null),
            Read::nullableInt($data['window_days'] ?? null),
            $data,
        );
    }
}
