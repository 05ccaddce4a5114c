<?php

declare(strict_types=1);

namespace Understudy\Client\Testing;

use Understudy\Client\Http\Clock;

/** A time that stands still, but for what is slept: tests of repeats take no time. */
final class FakeClock implements Clock
{
    /** @var list<float> */
    public array $slept = [];

    public function __construct(private float $now = 1_767_225_600.0, private readonly float $random = 0.5)
    {
    }

    public function now(): float
    {
        return $this->now;
    }

    public function sleep(float $seconds): void
    {
        $this->slept[] = $seconds;
        $this->now += $seconds;
    }

    /** Lets time pass. */
    public function advance(float $seconds): void
    {
        $this->now += $seconds;
    }

    public function random(): float
    {
        return $this->random;
    }
}
