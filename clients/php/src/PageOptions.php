<?php

declare(strict_types=1);

namespace Understudy\Client;

/** How a list is read. */
final class PageOptions
{
    /**
     * @param int|null    $limit  rows a page, 1…200; null: as the server likes
     * @param string|null $cursor where to begin: a page's nextCursor
     */
    public function __construct(
        public readonly ?int $limit = null,
        public readonly ?string $cursor = null,
        public readonly ?CallOptions $call = null,
    ) {
    }
}
