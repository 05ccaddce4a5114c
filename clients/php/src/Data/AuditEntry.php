<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class AuditEntry extends Record
{
    /**
     * @param \DateTimeImmutable $at RFC 3339, UTC.
     * @param string $action What happened, e.g. `key.created`.
     * @param string $resource What it happened to: an id or a name.
     * @param array<string, mixed> $details
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly \DateTimeImmutable $at,
        public readonly AuditEntryPrincipal $principal,
        public readonly string $action,
        public readonly string $resource,
        public readonly string $requestId,
        public readonly array $details = [],
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
            Read::time($data['at'] ?? null),
            AuditEntryPrincipal::fromArray(Read::object($data['principal'] ?? null)),
            Read::string($data['action'] ?? null),
            Read::string($data['resource'] ?? null),
            Read::string($data['request_id'] ?? null),
            Read::object($data['details'] ?? null),
            $data,
        );
    }
}
