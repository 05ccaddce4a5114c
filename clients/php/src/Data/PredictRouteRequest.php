<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class PredictRouteRequest extends Record
{
    /**
     * @param string $text JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.
     * @param string|null $items An array in the request, an item each; the other paths then begin at the item.
     * @param string|null $externalId JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.
     * @param string|null $subject JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.
     * @param array<string, string>|null $attributes
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $text,
        public readonly ?string $items = null,
        public readonly ?string $externalId = null,
        public readonly ?string $subject = null,
        public readonly ?array $attributes = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['text'] ?? null),
            Read::nullableString($data['items'] ?? null),
            Read::nullableString($data['external_id'] ?? null),
            Read::nullableString($data['subject'] ?? null),
            \is_array($data['attributes'] ?? null) ? array_map(static fn (mixed $item): string => Read::string($item), Read::object($data['attributes'] ?? null)) : null,
            $data,
        );
    }
}
