<?php

declare(strict_types=1);

namespace Understudy\Client\Breaker;

use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Exception\MalformedAnswer;
use Understudy\Client\Exception\ServerFailed;
use Understudy\Client\Exception\TimeLimitExceeded;
use Understudy\Client\Exception\UnderstudyException;

/**
 * Stops calls to a server that does not answer, so that an application does not wait for it again and again (Nygard,
 * "Release It!", 2007). After so many failures in a row it is open: calls fail at once. After the cooldown one call may
 * try; it closes the breaker, or keeps it open for another cooldown.
 *
 * @internal
 */
final class CircuitBreaker
{
    private bool $isClean = false;

    /** @param int $threshold failures in a row; 0: never opens */
    public function __construct(
        private readonly BreakerStorage $storage,
        private readonly string $key,
        private readonly int $threshold,
        private readonly float $cooldown,
    ) {
    }

    /** Whether a call may be sent now. Of an open breaker after its cooldown: one call, the others wait on. */
    public function allows(float $now): bool
    {
        if ($this->threshold === 0) {
            return true;
        }
        $state = $this->storage->load($this->key) ?? new BreakerState();
        $this->isClean = $state->failures === 0;
        if ($state->openUntil === 0.0) {
            return true;
        }
        if ($state->openUntil > $now) {
            return false;
        }
        $this->storage->save($this->key, new BreakerState($state->failures, $now + $this->cooldown));

        return true;
    }

    /** An answer came. Writes only when there is something to forget. */
    public function succeeded(): void
    {
        if ($this->threshold === 0 || $this->isClean) {
            return;
        }
        $this->storage->save($this->key, new BreakerState());
        $this->isClean = true;
    }

    /** Counts what says that the server is away or broken; a refusal says that it is there. */
    public function failed(UnderstudyException $failure, float $now): void
    {
        if ($this->threshold === 0) {
            return;
        }
        $isBroken = $failure instanceof ConnectionFailed || $failure instanceof TimeLimitExceeded
            || $failure instanceof ServerFailed || $failure instanceof MalformedAnswer;
        if (!$isBroken) {
            if ($failure->problem->status > 0) {
                $this->succeeded();
            }

            return;
        }
        $this->isClean = false;
        $failures = ($this->storage->load($this->key)?->failures ?? 0) + 1;
        $openUntil = $failures >= $this->threshold ? $now + $this->cooldown : 0.0;
        $this->storage->save($this->key, new BreakerState($failures, $openUntil));
    }
}
