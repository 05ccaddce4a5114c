<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * A workspace and its first key, which holds every scope.
 */
final class NewWorkspace extends Record
{
    /**
     * @param NewWorkspaceOwner|null $owner
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly Workspace $workspace,
        public readonly NewApiKey $key,
        public readonly ?NewWorkspaceOwner $owner = null,
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
            NewApiKey::fromArray(Read::object($data['key'] ?? null)),
            \is_array($data['owner'] ?? null) ? NewWorkspaceOwner::fromArray(Read::object($data['owner'] ?? null)) : null,
            self::masked($data, ['key.secret', 'owner.sign_in.code', 'owner.sign_in.path']),
        );
    }
}
