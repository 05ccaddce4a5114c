<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class DeadLetterBody extends Record
{
    /**
     * @param string $encoding `text`, `base64`. `text` where the bytes are UTF-8.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $encoding,
        public readonly string $data,
        public readonly int $bytes,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['encoding'] ?? null),
            Read::string($data['data'] ?? null),
            Read::int($data['bytes'] ?? null),
            $data,
        );
    }
}
