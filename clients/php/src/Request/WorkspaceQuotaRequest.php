<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For workspaces()->setQuota(). What a workspace may ask for, whatever its keys may.
 */
final class WorkspaceQuotaRequest extends Request
{
    protected const FIELDS = [
        'requestsPerMinute' => 'requests_per_minute',
    ];

    protected const NULLS = ['requestsPerMinute'];

    /**
     * @param int|null $requestsPerMinute Of all keys and members together; null = the default of the server
     *     (`UNDERSTUDY_WORKSPACE_QUOTA`). Counted in each gateway by itself.
     */
    public function __construct(
        public readonly ?int $requestsPerMinute,
    ) {
    }
}
