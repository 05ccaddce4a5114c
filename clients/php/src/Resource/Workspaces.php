<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\NewWorkspace;
use Understudy\Client\Data\Workspace;
use Understudy\Client\Data\WorkspaceQuota;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;

/** Operators only. */
final class Workspaces extends Resource
{
    /** @return Listing<Workspace> */
    public function list(?PageOptions $page = null): Listing
    {
        return $this->listing('workspaces.list', '/v1/workspaces', [], $page, Workspace::fromArray(...));
    }

    /**
     * The answer holds the first key, this once.
     *
     * @param array<string, mixed> $workspace
     */
    public function create(array $workspace, ?CallOptions $options = null): NewWorkspace
    {
        return $this->one(new Call(
            'workspaces.create',
            'POST',
            '/v1/workspaces',
            $options,
            json: $workspace,
            idempotent: true,
        ), NewWorkspace::fromArray(...));
    }

    public function quota(string $id, ?CallOptions $options = null): WorkspaceQuota
    {
        return $this->one(new Call(
            'workspaces.quota',
            'GET',
            self::path('/v1/workspaces/{id}/quota', ['id' => $id]),
            $options,
        ), WorkspaceQuota::fromArray(...));
    }

    /** @param array<string, mixed> $quota */
    public function setQuota(string $id, array $quota, ?CallOptions $options = null): WorkspaceQuota
    {
        return $this->one(new Call(
            'workspaces.set_quota',
            'PUT',
            self::path('/v1/workspaces/{id}/quota', ['id' => $id]),
            $options,
            json: $quota,
        ), WorkspaceQuota::fromArray(...));
    }
}
