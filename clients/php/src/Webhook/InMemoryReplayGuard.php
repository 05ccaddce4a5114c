<?php

declare(strict_types=1);

namespace Understudy\Client\Webhook;

/** For one process: tests and workers. */
final class InMemoryReplayGuard implements ReplayGuard
{
    /** @var array<string, int> */
    private array $seen = [];

    public function isFirst(string $delivery, int $until): bool
    {
        if (isset($this->seen[$delivery])) {
            return false;
        }
        $now = time();
        $this->seen = array_filter($this->seen, static fn (int $end): bool => $end >= $now);
        $this->seen[$delivery] = $until;

        return true;
    }
}
