<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class SourceReplyTo extends Record
{
    /**
     * @param string|null $topic
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $bus,
        public readonly bool $fromMessage,
        public readonly ?string $topic = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['bus'] ?? null),
            Read::bool($data['from_message'] ?? null),
            Read::nullableString($data['topic'] ?? null),
            $data,
        );
    }
}
