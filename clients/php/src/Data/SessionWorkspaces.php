<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * The workspaces that this browser is signed in to, the active one first.
 */
final class SessionWorkspaces extends Record
{
    /**
     * @param list<SessionWorkspacesEntry> $data
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly array $data = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            array_map(static fn (mixed $item): SessionWorkspacesEntry => SessionWorkspacesEntry::fromArray(Read::object($item)), Read::list($data['data'] ?? null)),
            $data,
        );
    }
}
