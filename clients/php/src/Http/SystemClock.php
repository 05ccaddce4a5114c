<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

/** @internal */
final class SystemClock implements Clock
{
    public function now(): float
    {
        return microtime(true);
    }

    public function sleep(float $seconds): void
    {
        if ($seconds > 0) {
            usleep((int) round($seconds * 1e6));
        }
    }

    public function random(): float
    {
        return random_int(0, 1_000_000) / 1_000_000;
    }
}
