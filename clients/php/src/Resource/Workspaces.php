<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\NewWorkspace;
use Understudy\Client\Data\Workspace;
use Understudy\Client\Data\WorkspaceQuota;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\Request;
use Understudy\Client\Request\WorkspaceQuotaRequest;
use Understudy\Client\Request\WorkspaceRequest;

/** Operators only. */
final class Workspaces extends Resource
{
    /**
     * All of them, page after page.
     *
     * @return Listing<Workspace>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(?PageOptions $page = null): Listing
    {
        return $this->listing('workspaces.list', '/v1/workspaces', [], $page, Workspace::fromArray(...));
    }

    /**
     * The answer holds the first key, this once.
     *
     * @param array<string, mixed>|WorkspaceRequest $workspace
     *
     * @throws UnderstudyException
     */
    public function create(array|WorkspaceRequest $workspace, ?CallOptions $options = null): NewWorkspace
    {
        $workspace = Request::fields($workspace);

        return $this->one(new Call(
            'workspaces.create',
            'POST',
            '/v1/workspaces',
            $options,
            json: $workspace,
            idempotent: true,
        ), NewWorkspace::fromArray(...));
    }

    /**
     * What a workspace may ask for.
     *
     * @throws UnderstudyException
     */
    public function quota(string $id, ?CallOptions $options = null): WorkspaceQuota
    {
        return $this->one(new Call(
            'workspaces.quota',
            'GET',
            self::path('/v1/workspaces/{id}/quota', ['id' => $id]),
            $options,
        ), WorkspaceQuota::fromArray(...));
    }

    /**
     * Set what a workspace may ask for.
     *
     * @param array<string, mixed>|WorkspaceQuotaRequest $quota
     *
     * @throws UnderstudyException
     */
    public function setQuota(string $id, array|WorkspaceQuotaRequest $quota, ?CallOptions $options = null): WorkspaceQuota
    {
        $quota = Request::fields($quota);

        return $this->one(new Call(
            'workspaces.set_quota',
            'PUT',
            self::path('/v1/workspaces/{id}/quota', ['id' => $id]),
            $options,
            json: $quota,
        ), WorkspaceQuota::fromArray(...));
    }
}
