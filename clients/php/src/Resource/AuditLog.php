<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\Data\AuditEntry;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;

/** Who did what. */
final class AuditLog extends Resource
{
    /**
     * @param array{action?: string, resource?: string, from?: string, to?: string} $filter
     *
     * @return Listing<AuditEntry>
     */
    public function list(array $filter = [], ?PageOptions $page = null): Listing
    {
        return $this->listing('audit_log.list', '/v1/audit-log', $filter, $page, AuditEntry::fromArray(...));
    }
}
