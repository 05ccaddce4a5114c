<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

/** The time, and waiting. Tests replace it. */
interface Clock
{
    /** Seconds since the epoch. */
    public function now(): float;

    /** Waits. */
    public function sleep(float $seconds): void;

    /** 0…1, for jitter. */
    public function random(): float;
}
