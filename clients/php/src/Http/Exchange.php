<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Understudy\Client\CallRecord;
use Understudy\Client\Decision;
use Understudy\Client\Exception\CircuitOpen;
use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Exception\TimeLimitExceeded;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Problem;

/**
 * One call under way: its attempts, its waits and its end.
 *
 * @internal
 */
final class Exchange
{
    private readonly float $startedAt;

    private readonly float $endsAt;

    private int $attempts = 0;

    private int $status = 0;

    private ?string $requestId = null;

    private ?Reply $reply = null;

    private ?UnderstudyException $failure = null;

    private float $limit = 0.0;

    /** @param \Closure(float, bool): Request $request */
    public function __construct(
        private readonly Sender $sender,
        private readonly Call $call,
        private readonly \Closure $request,
    ) {
        $this->startedAt = $sender->clock->now();
        $total = $call->options?->totalTimeout ?? $call->total ?? $sender->options->totalTimeout;
        $this->endsAt = $this->startedAt + $total;
    }

    /** Sends the first request without waiting for its answer. */
    public function start(): void
    {
        if (!$this->call->alwaysTry && !$this->sender->breaker->allows($this->sender->clock->now())) {
            $this->failure = CircuitOpen::local('circuit_open', 'not sent: the last calls to the server failed');

            return;
        }
        $this->attempt();
    }

    /** Lets go of the answer. */
    public function cancel(): void
    {
        $this->reply?->cancel();
    }

    /**
     * Waits, repeats where that is safe, and reads the answer.
     *
     * @template T
     *
     * @param \Closure(Answer): T                  $read
     * @param (\Closure(UnderstudyException): T)|null $fallback
     * @param (\Closure(int, string): (T|null))|null  $refused  reads a status that is not 2xx; null: it is a failure
     *
     * @return T
     *
     * @throws UnderstudyException
     */
    public function finish(\Closure $read, ?\Closure $fallback = null, ?\Closure $refused = null): mixed
    {
        for ($repeat = 1;; $repeat++) {
            try {
                $value = $this->read($read, $refused);
                $this->sender->breaker->succeeded();
                $this->observe(null, $value, false);

                return $value;
            } catch (UnderstudyException $failure) {
                $failure = $this->named($failure);
                $pause = $this->pauseBefore($repeat, $failure);
                if ($pause === null) {
                    $this->log($failure, $fallback !== null);
                    $value = $fallback === null ? null : $fallback($failure);
                    $this->observe($failure, $value, $fallback !== null);
                    if ($fallback === null) {
                        throw $failure;
                    }

                    return $value;
                }
                $this->sender->options->logger?->notice('Understudy: {operation} is repeated in {pause} s: {code}', [
                    'operation' => $this->call->operation,
                    'attempt' => $this->attempts,
                    'pause' => round($pause, 3),
                    'status' => $failure->problem->status,
                    'code' => $failure->problem->code,
                    'request_id' => $failure->problem->requestId,
                ]);
                $this->sender->clock->sleep($pause);
                $this->attempt();
            }
        }
    }

    private function attempt(): void
    {
        $this->failure = $this->reply = null;
        $this->attempts++;
        $limit = $this->call->options?->timeout ?? $this->call->timeout ?? $this->sender->options->timeout;
        $this->limit = max(0.001, min($limit, $this->endsAt - $this->sender->clock->now()));
        try {
            $this->reply = $this->sender->transport()->send(($this->request)($this->limit, $this->attempts > 1));
        } catch (UnderstudyException $failure) {
            $this->failure = $failure;
        }
    }

    /**
     * @template T
     *
     * @param \Closure(Answer): T                    $read
     * @param (\Closure(int, string): (T|null))|null $refused
     *
     * @return T
     */
    private function read(\Closure $read, ?\Closure $refused): mixed
    {
        $this->status = 0;
        if ($this->failure !== null || $this->reply === null) {
            throw $this->failure ?? new \LogicException('nothing was sent');
        }
        $reply = $this->reply;
        $this->status = $reply->status();
        $this->requestId = $reply->header('x-request-id');
        if ($this->status >= 200 && $this->status < 300) {
            return $read(new Answer($this->status, $reply, $this->call->stream ? null : $reply->body()));
        }
        $value = $refused === null ? null : $refused($this->status, $reply->body());
        if ($value !== null) {
            return $value;
        }
        throw Failures::of($this->status, $reply, $this->sender->clock->now());
    }

    /** An answer that broke off after its headers is known to the server by its request id, too. */
    private function named(UnderstudyException $failure): UnderstudyException
    {
        $problem = $failure->problem;
        if ($problem->requestId !== null || $this->requestId === null || $this->status === 0) {
            return $failure;
        }

        return new ($failure::class)(new Problem(
            $problem->type,
            $problem->title,
            $problem->status,
            $problem->code,
            $problem->detail,
            $problem->errors,
            $this->requestId,
        ), $failure->getPrevious(), $failure->retryAfter);
    }

    /** Seconds before the next attempt; null when there is none. */
    private function pauseBefore(int $repeat, UnderstudyException $failure): ?float
    {
        if ($failure instanceof CircuitOpen) {
            return null;
        }
        $now = $this->sender->clock->now();
        $this->sender->breaker->failed($failure, $now);
        $maxRetries = $this->sender->maxRetries($this->call->options, $this->call->maxRetries);
        if ($repeat > $maxRetries || !$this->call->repeatable || !RetryPolicy::isRetryable($failure)) {
            return null;
        }
        $pause = $this->sender->retry->pause($repeat, $failure->retryAfter, $this->sender->clock->random());

        return $now + $pause >= $this->endsAt ? null : $pause;
    }

    private function log(UnderstudyException $failure, bool $fallback): void
    {
        $isAway = $failure instanceof ConnectionFailed || $failure instanceof TimeLimitExceeded
            || $failure instanceof CircuitOpen || $failure->problem->status >= 429;
        $this->sender->options->logger?->log(
            $isAway ? 'warning' : 'error',
            $fallback
                ? 'Understudy: {operation} could not be answered, a person decides: {code}: {detail}'
                : 'Understudy: {operation} failed: {code}: {detail}',
            [
                'operation' => $this->call->operation,
                'task' => $this->call->task,
                'attempts' => $this->attempts,
                'status' => $failure->problem->status,
                'code' => $failure->problem->code,
                'detail' => $failure->problem->detail,
                'request_id' => $failure->problem->requestId ?? $this->requestId,
            ],
        );
    }

    private function observe(?UnderstudyException $error, mixed $value, bool $fallback): void
    {
        if ($this->sender->options->observer === null) {
            return;
        }
        $decisions = array_filter(\is_array($value) ? $value : [$value], static fn ($one) => $one instanceof Decision);
        $this->sender->options->observer->observed(new CallRecord(
            $this->call->operation,
            $this->call->method,
            $this->call->path,
            $this->call->task,
            $this->status,
            $this->attempts,
            $this->startedAt,
            $this->sender->clock->now() - $this->startedAt,
            $error?->problem->requestId ?? $this->requestId,
            $error,
            $fallback,
            array_values($decisions),
        ));
    }
}
