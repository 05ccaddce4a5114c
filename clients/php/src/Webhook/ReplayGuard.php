<?php

declare(strict_types=1);

namespace Understudy\Client\Webhook;

/**
 * Remembers deliveries, so that a copied one is refused. A delivery that the server sends again after your failure has a
 * new time and passes: what must not happen twice is guarded by the event's id.
 */
interface ReplayGuard
{
    /**
     * Whether this delivery comes for the first time; atomic, also between processes where that matters.
     *
     * @param int $until seconds since the epoch; afterwards it is refused for its age and can be forgotten
     */
    public function isFirst(string $delivery, int $until): bool;
}
