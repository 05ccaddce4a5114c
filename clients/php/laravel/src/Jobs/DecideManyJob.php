<?php

declare(strict_types=1);

namespace Understudy\Laravel\Jobs;

use Illuminate\Contracts\Events\Dispatcher;
use Understudy\Client\BatchOptions;
use Understudy\Client\CallOptions;
use Understudy\Client\Decision;
use Understudy\Client\Exception\InvalidRequest;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Fallback;
use Understudy\Client\Item;
use Understudy\Laravel\Connections;

/**
 * Decides up to 1,000 items in one request. Each gets a DecisionMade of its own, named by the job's id and its position.
 * An item that the server refuses is left to a person, alone.
 *
 *     Bus::batch(iterator_to_array(DecideManyJob::chunks('comment-moderation', $items), false))->allowFailures()->dispatch();
 */
class DecideManyJob extends Decides
{
    /** @var list<array{input: string|array<string, mixed>, externalId: string|null, subject: string|null, attributes: array<string, string|int|float|bool|null>|null}> */
    public array $items;

    /**
     * @param string                                      $task    slug
     * @param list<Item|string|array<string, mixed>>      $items   1 to 1,000 texts, input objects, or Items
     * @param array<string, string|int|float|bool|null>   $context given back with each result, never sent
     * @param string|null                                 $client  name of the connection to Understudy; null: the default
     * @param string|null                                 $id      default: a random one
     */
    public function __construct(
        public string $task,
        array $items,
        public array $context = [],
        public ?string $client = null,
        ?string $id = null,
    ) {
        if ($items === [] || \count($items) > 1000) {
            throw new \InvalidArgumentException('A DecideManyJob has 1 to 1000 items; DecideManyJob::chunks() makes as many jobs as are needed.');
        }
        $this->items = array_map(static function (mixed $item): array {
            $item = $item instanceof Item ? $item : new Item($item);

            return ['input' => self::clean($item->input), 'externalId' => $item->externalId, 'subject' => $item->subject, 'attributes' => $item->attributes];
        }, array_values($items));
        $this->id = $id ?? self::newId();
    }

    /**
     * Jobs for any number of items; no more is read from the source than the job at hand needs.
     *
     * @param iterable<Item|string|array<string, mixed>> $items
     * @param array<string, string|int|float|bool|null>  $context
     *
     * @return \Generator<int, static>
     */
    public static function chunks(string $task, iterable $items, int $size = 500, array $context = [], ?string $client = null): \Generator
    {
        if ($size < 1 || $size > 1000) {
            throw new \InvalidArgumentException('A DecideManyJob has 1 to 1000 items.');
        }
        $chunk = [];
        foreach ($items as $item) {
            $chunk[] = $item;
            if (\count($chunk) === $size) {
                yield new static($task, $chunk, $context, $client);
                $chunk = [];
            }
        }
        if ($chunk !== []) {
            yield new static($task, $chunk, $context, $client);
        }
    }

    protected function decide(Connections $connections, Dispatcher $events, bool $isQueued): ?UnderstudyException
    {
        $items = array_map(
            static fn (array $item): Item => new Item($item['input'], $item['subject'], $item['externalId'], $item['attributes']),
            $this->items,
        );
        $decisions = $connections->connection($this->client)->predictMany($this->task, $items, new BatchOptions(
            size: \count($items),
            fallback: Fallback::Review,
            call: new CallOptions(idempotencyKey: 'laravel-' . $this->id),
        ));
        $unanswered = null;
        foreach ($decisions as $position => $decision) {
            $cause = $decision->cause;
            if ($isQueued && $cause !== null && !$cause instanceof InvalidRequest) {
                $unanswered = $cause;
            } else {
                self::tell($events, $decision, $this->eventId($position), $this->items[$position]['externalId'], $this->context);
            }
        }

        return $unanswered;
    }

    protected function fallBack(Dispatcher $events, UnderstudyException $cause): void
    {
        foreach ($this->items as $position => $item) {
            self::tell($events, Decision::fallback($this->task, $cause, $item['externalId']), $this->eventId($position), $item['externalId'], $this->context);
        }
    }

    private function eventId(int $position): string
    {
        return $this->id . '-' . $position;
    }

    /** @return list<string> for Horizon and its like */
    public function tags(): array
    {
        return ['understudy', 'understudy:' . $this->task];
    }
}
