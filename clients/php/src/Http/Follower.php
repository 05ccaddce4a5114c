<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Understudy\Client\CallOptions;
use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Exception\MalformedAnswer;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\FollowedEvent;
use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * Follows a job or a run by its event stream. A dropped connection is taken up again behind the last event; it fails
 * only when nothing new comes over several attempts in a row.
 *
 * @internal
 */
final class Follower
{
    /** Seconds. The server sends a comment every 15 s; three missed mean that nobody is there. */
    private const LONGEST_SILENCE = 45.0;

    public function __construct(private readonly Sender $sender)
    {
    }

    public static function isOver(mixed $status): bool
    {
        return \in_array($status, ['succeeded', 'failed', 'cancelled'], true);
    }

    /**
     * What stands at `$path` now and after every change until it is over.
     *
     * @template T of Record
     *
     * @param \Closure(array<mixed>): T $read
     *
     * @return \Generator<int, FollowedEvent<T>>
     */
    public function follow(
        string $operation,
        string $path,
        ?string $lastEventId,
        ?CallOptions $options,
        \Closure $read,
    ): \Generator {
        $last = $lastEventId ?? '';
        for ($fruitless = 0;;) {
            $failure = null;
            try {
                foreach ($this->events($operation, $path, $last, $options) as $event) {
                    $last = $event['id'];
                    $fruitless = 0;
                    $state = self::decode($event['data']);
                    yield new FollowedEvent($event['id'], $event['event'], $read($state));
                    if (self::isOver($state['status'] ?? null)) {
                        return;
                    }
                }
                // Ended behind the last event, e.g. when it was the final one that the caller had seen already.
                if ($last !== '' && $this->hasEnded($operation, $path, $options)) {
                    return;
                }
            } catch (UnderstudyException $failure) {
                if (!RetryPolicy::isRetryable($failure)) {
                    throw $failure;
                }
            }
            $fruitless++;
            if ($fruitless > $this->sender->maxRetries($options)) {
                throw $failure ?? ConnectionFailed::local(
                    'connection_failed',
                    sprintf('the events of %s broke off %d times without a new one', $path, $fruitless),
                );
            }
            $this->sender->clock->sleep(
                $this->sender->retry->pause($fruitless, $failure?->retryAfter, $this->sender->clock->random()),
            );
        }
    }

    /** @return \Generator<int, array{id: string, event: string, data: string}> */
    private function events(string $operation, string $path, string $last, ?CallOptions $options): \Generator
    {
        $headers = $last === '' || preg_match('/[^\x20-\x7e]/', $last) === 1 ? [] : ['last-event-id' => $last];
        $call = new Call(
            $operation,
            'GET',
            $path . '/events',
            $options,
            headers: $headers,
            accept: 'text/event-stream',
            timeout: self::LONGEST_SILENCE,
            total: INF,
            stream: true,
        );

        return $this->sender->call($call, static fn (Answer $answer): \Generator
            => ServerSentEvents::parse($answer->pieces($call->accept)));
    }

    private function hasEnded(string $operation, string $path, ?CallOptions $options): bool
    {
        $call = new Call($operation, 'GET', $path, $options);

        return $this->sender->call($call, static fn (Answer $answer): bool
            => self::isOver($answer->json()['status'] ?? null));
    }

    /** @return array<string, mixed> */
    private static function decode(string $data): array
    {
        $state = json_decode($data, true);
        if (!\is_array($state)) {
            throw MalformedAnswer::local('unexpected_answer', 'an event is no JSON object');
        }

        return Read::object($state);
    }
}
