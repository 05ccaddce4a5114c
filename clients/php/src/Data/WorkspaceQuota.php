<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * What a workspace may ask for, whatever its keys may.
 */
final class WorkspaceQuota extends Record
{
    /**
     * @param int|null $requestsPerMinute Of all keys and members together; null = the default of the server
     *     (`UNDERSTUDY_WORKSPACE_QUOTA`). Counted in each gateway by itself.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly ?int $requestsPerMinute = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::nullableInt($data['requests_per_minute'] ?? null),
            $data,
        );
    }
}
