<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Understudy\Client\Understudy;

/** A service of an application. */
final class NeedsUnderstudy
{
    public function __construct(public readonly Understudy $understudy)
    {
    }
}
