<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Profiler;

use Symfony\Contracts\Service\ResetInterface;
use Understudy\Client\CallRecord;
use Understudy\SymfonyBundle\Client\ClientObserver;

/** The calls of this request, for the profiler. Bounded: a worker in debug mode must not grow with its calls. */
final class CallLog implements ClientObserver, ResetInterface
{
    public const LIMIT = 500;

    /** @var list<array{string, CallRecord}> */
    private array $calls = [];

    private int $dropped = 0;

    public function observed(CallRecord $call): void
    {
        $this->observedOf('', $call);
    }

    public function observedOf(string $client, CallRecord $call): void
    {
        if (\count($this->calls) >= self::LIMIT) {
            ++$this->dropped;

            return;
        }
        $this->calls[] = [$client, $call];
    }

    /** @return list<array{string, CallRecord}> name of the client, and the call */
    public function calls(): array
    {
        return $this->calls;
    }

    /** How many calls were made beyond the limit. */
    public function dropped(): int
    {
        return $this->dropped;
    }

    public function reset(): void
    {
        $this->calls = [];
        $this->dropped = 0;
    }
}
