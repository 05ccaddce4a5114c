<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\Data\AuditEntry;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\AuditFilter;
use Understudy\Client\Request\Request;

/** Who did what. */
final class AuditLog extends Resource
{
    /**
     * All of them, page after page.
     *
     * @param array{action?: string, resource?: string, from?: string, to?: string}|AuditFilter $filter
     *
     * @return Listing<AuditEntry>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(array|AuditFilter $filter = [], ?PageOptions $page = null): Listing
    {
        $filter = Request::query($filter);

        return $this->listing('audit_log.list', '/v1/audit-log', $filter, $page, AuditEntry::fromArray(...));
    }
}
