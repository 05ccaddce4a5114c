<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;
use Understudy\Client\Secret;

/**
 * The active session of this browser. Its secret is in an HttpOnly cookie.
 */
final class Session extends Record
{
    /**
     * @param \DateTimeImmutable $expiresAt RFC 3339, UTC.
     * @param Secret $csrfToken Goes into `X-CSRF-Token` of every request that changes something. A request that
     *     carries one has to carry that of the active session.
     * @param int $idleSeconds A session that is not used for so long ends.
     * @param list<string> $scopes
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly Workspace $workspace,
        public readonly SessionPrincipal $principal,
        public readonly \DateTimeImmutable $expiresAt,
        public readonly Secret $csrfToken,
        public readonly int $idleSeconds,
        public readonly array $scopes = [],
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
            Workspace::fromArray(Read::object($data['workspace'] ?? null)),
            SessionPrincipal::fromArray(Read::object($data['principal'] ?? null)),
            Read::time($data['expires_at'] ?? null),
            new Secret(Read::string($data['csrf_token'] ?? null)),
            Read::int($data['idle_seconds'] ?? null),
            Read::strings($data['scopes'] ?? null),
            self::masked($data, ['csrf_token']),
        );
    }
}
