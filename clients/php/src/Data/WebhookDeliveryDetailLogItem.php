<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class WebhookDeliveryDetailLogItem extends Record
{
    /**
     * @param \DateTimeImmutable $at RFC 3339, UTC.
     * @param int|null $responseStatus
     * @param string|null $problem
     * @param string|null $detail
     * @param string|null $responseBody
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $number,
        public readonly \DateTimeImmutable $at,
        public readonly int $durationMs,
        public readonly ?int $responseStatus = null,
        public readonly ?string $problem = null,
        public readonly ?string $detail = null,
        public readonly ?string $responseBody = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['number'] ?? null),
            Read::time($data['at'] ?? null),
            Read::int($data['duration_ms'] ?? null),
            Read::nullableInt($data['response_status'] ?? null),
            Read::nullableString($data['problem'] ?? null),
            Read::nullableString($data['detail'] ?? null),
            Read::nullableString($data['response_body'] ?? null),
            $data,
        );
    }
}
