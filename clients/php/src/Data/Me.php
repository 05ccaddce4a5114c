<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * What the credential of this request is and may do.
 */
final class Me extends Record
{
    /**
     * @param list<string> $scopes
     * @param RateLimit|null $rateLimit
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly Workspace $workspace,
        public readonly MePrincipal $principal,
        public readonly array $scopes = [],
        public readonly ?RateLimit $rateLimit = null,
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
            MePrincipal::fromArray(Read::object($data['principal'] ?? null)),
            Read::strings($data['scopes'] ?? null),
            \is_array($data['rate_limit'] ?? null) ? RateLimit::fromArray(Read::object($data['rate_limit'] ?? null)) : null,
            $data,
        );
    }
}
