<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Understudy\Client\Understudy;
use Understudy\Laravel\Attributes\Connection;

/** A service of an application on Laravel 11 or later. */
final class NeedsTheNight
{
    public function __construct(
        #[Connection('night')]
        public readonly Understudy $understudy,
    ) {
    }
}
