<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What `GET /v1/webhooks/{id}/deliveries` is asked for.
 */
final class DeliveryFilter extends Request
{
    protected const FIELDS = [
        'status' => 'status',
        'type' => 'type',
        'event' => 'event',
        'subject' => 'subject',
    ];

    /**
     * @param string|null $status `waiting`, `delivered`, `failed`.
     */
    public function __construct(
        public readonly ?string $status = null,
        public readonly ?string $type = null,
        public readonly ?string $event = null,
        public readonly ?string $subject = null,
    ) {
    }
}
