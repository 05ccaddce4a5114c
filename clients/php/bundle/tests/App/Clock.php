<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests\App;

use Understudy\Client\Http\Clock as ClientClock;

/** Time that passes, but for what the client waits before it repeats: that is skipped. */
final class Clock implements ClientClock
{
    private float $skipped = 0.0;

    public function now(): float
    {
        return microtime(true) + $this->skipped;
    }

    public function sleep(float $seconds): void
    {
        $this->skipped += $seconds;
    }

    public function random(): float
    {
        return 0.5;
    }
}
