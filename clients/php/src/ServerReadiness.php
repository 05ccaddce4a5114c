<?php

declare(strict_types=1);

namespace Understudy\Client;

use Understudy\Client\Data\Readiness;

/** Whether the server takes work, and if not, why. */
final class ServerReadiness
{
    public function __construct(
        public readonly bool $ready,
        public readonly Readiness $details,
    ) {
    }
}
