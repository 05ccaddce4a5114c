<?php

declare(strict_types=1);

namespace Understudy\Laravel\Jobs;

use Illuminate\Bus\Batchable;
use Illuminate\Bus\Queueable;
use Illuminate\Contracts\Events\Dispatcher;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Foundation\Bus\Dispatchable;
use Illuminate\Queue\InteractsWithQueue;
use Illuminate\Queue\Jobs\SyncJob;
use Illuminate\Support\Str;
use Psr\Log\LoggerInterface;
use Understudy\Client\Decision;
use Understudy\Client\Exception\ServerFailed;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Laravel\Connections;
use Understudy\Laravel\Events\DecisionMade;

/**
 * What the jobs have in common. What cannot be answered now comes again after a growing wait, never before the server's
 * Retry-After. When it was tried often enough, or can never be answered, the job fails, so that `queue:retry` finds it,
 * and DecisionMade says that a person decides: the application goes on either way.
 *
 * Without a queue (dispatchSync, the sync driver) it decides at once and never throws on our account.
 */
abstract class Decides implements ShouldQueue
{
    use Batchable;
    use Dispatchable;
    use InteractsWithQueue;
    use Queueable;

    /** How often it is tried: with the waits below, for about an hour. */
    public int $tries = 12;

    /**
     * Seconds before the second, third… try; the last one again and again. A quarter of it, at random, is left out, so
     * that jobs do not come back all at once.
     *
     * @var list<int>
     */
    public array $backoff = [2, 5, 15, 30, 60, 120, 300, 600];

    /** Names the result, and is the idempotency key: however often the job runs, the item is decided once. */
    public string $id;

    /** Called by the queue. */
    public function handle(Connections $connections, Dispatcher $events, ?LoggerInterface $logger = null): void
    {
        $batch = $this->batchId === null ? null : $this->batch();
        if ($batch !== null && $batch->cancelled()) {
            return;
        }
        $unanswered = $this->decide($connections, $events, $this->isQueued());
        if ($unanswered === null) {
            return;
        }
        $context = ['code' => $unanswered->errorCode(), 'status' => $unanswered->status(), 'request_id' => $unanswered->requestId(), 'job' => $this->id];
        if ($this->attempts() >= $this->tries) {
            $logger?->error('Understudy did not answer in {tries} tries: {code}', $context + ['tries' => $this->tries]);
            $this->fail($unanswered);

            return;
        }
        $logger?->warning('Understudy did not answer; it is tried again: {code}', $context);
        $this->release($this->wait($unanswered->retryAfter));
    }

    /** Called by the queue when the job has failed for good. */
    public function failed(?\Throwable $failure = null): void
    {
        $cause = $failure instanceof UnderstudyException ? $failure : null;
        if ($cause === null && !self::ranOut($failure)) {
            return; // A listener of DecisionMade failed: it was told the decision.
        }
        $cause ??= ServerFailed::local('attempts_exhausted', 'the job was tried as often as it may be');
        try {
            $this->fallBack(app(Dispatcher::class), $cause);
        } catch (\Throwable $listener) {
            report($listener);
        }
    }

    /**
     * Decides, and tells DecisionMade of what is decided.
     *
     * @param bool $isQueued what is not answered can be tried later; otherwise a person decides
     *
     * @return UnderstudyException|null why something has to be tried again
     */
    abstract protected function decide(Connections $connections, Dispatcher $events, bool $isQueued): ?UnderstudyException;

    /** Tells DecisionMade that a person decides what nothing was told of. */
    abstract protected function fallBack(Dispatcher $events, UnderstudyException $cause): void;

    /** @param array<string, string|int|float|bool|null> $context */
    final protected static function tell(Dispatcher $events, Decision $decision, string $eventId, ?string $externalId, array $context): void
    {
        $events->dispatch(new DecisionMade(
            $decision->toArray(),
            'queue',
            $eventId,
            $externalId,
            $context,
            $decision->cause?->errorCode(),
            $decision->cause?->problem->detail,
        ));
    }

    final protected static function newId(): string
    {
        return (string) Str::orderedUuid();
    }

    /**
     * A queue of Laravel refuses what is no UTF-8, in the middle of the application's request: such bytes become `?`.
     *
     * @param string|array<string, mixed> $input
     *
     * @return ($input is string ? string : array<string, mixed>)
     */
    final protected static function clean(string|array $input): string|array
    {
        if (\is_string($input)) {
            return mb_scrub($input, 'UTF-8');
        }
        array_walk_recursive($input, static function (mixed &$value): void {
            $value = \is_string($value) ? mb_scrub($value, 'UTF-8') : $value;
        });

        return $input;
    }

    private function isQueued(): bool
    {
        return $this->job !== null && !$this->job instanceof SyncJob;
    }

    /** @return int seconds */
    private function wait(?float $retryAfter): int
    {
        $longest = $this->backoff === [] ? 0 : $this->backoff[min($this->attempts(), \count($this->backoff)) - 1];

        return max((int) ceil($retryAfter ?? 0), $longest - random_int(0, intdiv($longest, 4)));
    }

    /** Whether the worker gave up on it: too many tries, or the time limit (an exception that Laravel 8 has not). */
    private static function ranOut(?\Throwable $failure): bool
    {
        return $failure === null
            || $failure instanceof \Illuminate\Queue\MaxAttemptsExceededException
            || is_a($failure, 'Illuminate\Queue\TimeoutExceededException');
    }
}
