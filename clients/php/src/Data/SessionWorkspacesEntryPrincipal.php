<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class SessionWorkspacesEntryPrincipal extends Record
{
    /**
     * @param string $kind `member`, `api_key`.
     * @param string|null $role null = signed in with an API key.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $kind,
        public readonly string $id,
        public readonly string $name,
        public readonly ?string $role = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['kind'] ?? null),
            Read::string($data['id'] ?? null),
            Read::string($data['name'] ?? null),
            Read::nullableString($data['role'] ?? null),
            $data,
        );
    }
}
