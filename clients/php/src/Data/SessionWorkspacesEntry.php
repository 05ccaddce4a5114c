<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class SessionWorkspacesEntry extends Record
{
    /**
     * @param \DateTimeImmutable $expiresAt RFC 3339, UTC.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly Workspace $workspace,
        public readonly SessionWorkspacesEntryPrincipal $principal,
        public readonly \DateTimeImmutable $expiresAt,
        public readonly bool $active,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Workspace::fromArray(Read::object($data['workspace'] ?? null)),
            SessionWorkspacesEntryPrincipal::fromArray(Read::object($data['principal'] ?? null)),
            Read::time($data['expires_at'] ?? null),
            Read::bool($data['active'] ?? null),
            $data,
        );
    }
}
