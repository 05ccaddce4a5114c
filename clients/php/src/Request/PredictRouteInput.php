<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class PredictRouteInput extends Request
{
    protected const FIELDS = [
        'text' => 'text',
        'items' => 'items',
        'externalId' => 'external_id',
        'subject' => 'subject',
        'attributes' => 'attributes',
    ];

    protected const MAPS = ['attributes'];

    /**
     * @param string $text JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.
     * @param string|null $items An array in the request, an item each; the other paths then begin at the item.
     * @param string|null $externalId JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.
     * @param string|null $subject JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.
     * @param array<string, string>|null $attributes
     */
    public function __construct(
        public readonly string $text,
        public readonly ?string $items = null,
        public readonly ?string $externalId = null,
        public readonly ?string $subject = null,
        public readonly ?array $attributes = null,
    ) {
    }
}
