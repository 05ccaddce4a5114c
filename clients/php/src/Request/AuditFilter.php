<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What `GET /v1/audit-log` is asked for.
 */
final class AuditFilter extends Request
{
    protected const FIELDS = [
        'action' => 'action',
        'resource' => 'resource',
        'from' => 'from',
        'to' => 'to',
    ];

    public function __construct(
        public readonly ?string $action = null,
        public readonly ?string $resource = null,
        public readonly \DateTimeInterface|string|null $from = null,
        public readonly \DateTimeInterface|string|null $to = null,
    ) {
    }
}
