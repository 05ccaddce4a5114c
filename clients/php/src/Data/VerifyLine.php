<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class VerifyLine extends Record
{
    /**
     * @param VerifyLineProgress|null $progress
     * @param VerifyLineReport|null $report
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly ?VerifyLineProgress $progress = null,
        public readonly ?VerifyLineReport $report = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            \is_array($data['progress'] ?? null) ? VerifyLineProgress::fromArray(Read::object($data['progress'] ?? null)) : null,
            \is_array($data['report'] ?? null) ? VerifyLineReport::fromArray(Read::object($data['report'] ?? null)) : null,
            $data,
        );
    }
}
