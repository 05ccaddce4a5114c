<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Understudy\Client\BatchOptions;
use Understudy\Client\CallOptions;
use Understudy\Client\Decision;
use Understudy\Client\Exception\InvalidRequest;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Fallback;
use Understudy\Client\Internal\Check;
use Understudy\Client\Internal\Read;
use Understudy\Client\Item;
use Understudy\Client\PendingDecision;
use Understudy\Client\PredictOptions;

/**
 * Predictions: one, later, many.
 *
 * @internal
 */
final class Predictions
{
    public function __construct(private readonly Sender $sender)
    {
    }

    /** @param string|array<string, mixed> $input */
    public function later(string $task, string|array $input, ?PredictOptions $options): PendingDecision
    {
        $options ??= new PredictOptions();
        $item = new Item($input, $options->subject, $options->externalId, $options->attributes);
        $fallback = $options->fallback ?? $this->sender->options->fallback;
        try {
            $exchange = $this->sender->start(new Call(
                'predict',
                'POST',
                '/v1/predict/' . Check::segment($task, 'task'),
                $options->call,
                json: self::body($item, $options->explain),
                idempotent: true,
                task: $task,
            ));
        } catch (UnderstudyException $failure) { // an input that is no UTF-8
            $given = static fn (): Decision => $fallback === Fallback::Review
                ? Decision::fallback($task, $failure, $options->externalId)
                : throw $failure;

            return new PendingDecision($given);
        }

        return new PendingDecision(
            static fn (): Decision => $exchange->finish(
                self::decision(...),
                $fallback === Fallback::Review
                    ? static fn (UnderstudyException $failure): Decision
                        => Decision::fallback($task, $failure, $options->externalId)
                    : null,
            ),
            $exchange->cancel(...),
        );
    }

    /**
     * @template TKey
     *
     * @param iterable<TKey, string|array<string, mixed>|Item> $items
     *
     * @return \Generator<TKey, Decision>
     */
    public function many(string $task, iterable $items, BatchOptions $options): \Generator
    {
        $concurrency = $options->concurrency ?? $this->sender->options->concurrency;
        /** @var list<array{list<TKey>, \Closure(): array<int, Decision>, \Closure(): void}> $underWay */
        $underWay = [];
        $keys = $batch = [];
        $number = 0;
        try {
            foreach ($items as $key => $item) {
                $keys[] = $key;
                $batch[] = $item instanceof Item ? $item : new Item($item);
                if (\count($batch) < $options->size) {
                    continue;
                }
                $underWay[] = [$keys, ...$this->batch($task, $batch, $options, (string) $number++)];
                $keys = $batch = [];
                if (\count($underWay) >= $concurrency) {
                    yield from self::oldest($underWay);
                }
            }
            if ($batch !== []) {
                $underWay[] = [$keys, ...$this->batch($task, $batch, $options, (string) $number)];
            }
            while ($underWay !== []) {
                yield from self::oldest($underWay);
            }
        } finally {
            foreach ($underWay as [, , $cancel]) {
                $cancel(); // the others were given up
            }
        }
    }

    /**
     * @template TKey
     *
     * @param list<array{list<TKey>, \Closure(): array<int, Decision>, \Closure(): void}> $underWay
     *
     * @return \Generator<TKey, Decision>
     */
    private static function oldest(array &$underWay): \Generator
    {
        [$keys, $wait] = array_shift($underWay);
        foreach ($wait() as $place => $decision) {
            yield $keys[$place] => $decision;
        }
    }

    /**
     * @param array<int, Item> $items
     * @param string           $number of the batch, for a key of the caller's
     *
     * @return array{\Closure(): array<int, Decision>, \Closure(): void} by place, in order
     */
    private function batch(string $task, array $items, BatchOptions $options, string $number): array
    {
        $fallback = ($options->fallback ?? $this->sender->options->fallback) === Fallback::Review
            ? static fn (UnderstudyException $failure): array => array_map(
                static fn (Item $item): Decision => Decision::fallback($task, $failure, $item->externalId),
                self::refused($failure, $items),
            )
            : null;
        try {
            $exchange = $this->sender->start(new Call(
                'predictMany',
                'POST',
                '/v1/predict/' . Check::segment($task, 'task') . '/batch',
                self::numbered($options->call, $number),
                json: ['items' => array_map(
                    static fn (Item $item): array => self::body($item, $options->explain),
                    array_values($items),
                )],
                idempotent: true,
                task: $task,
            ));
        } catch (UnderstudyException $failure) {
            $refuse = static fn (): array => $fallback === null ? throw $failure : $fallback($failure);
            $wait = fn (): array => $this->withRest($task, $items, $refuse(), $options, $number);

            return [$wait, static function (): void {
            }];
        }
        $read = static fn (Answer $answer): array => self::decisions($answer, array_keys($items));

        return [
            fn (): array => $this->withRest($task, $items, $exchange->finish($read, $fallback), $options, $number),
            $exchange->cancel(...),
        ];
    }

    /**
     * One item that the server refuses makes it refuse the whole batch: the others are sent again without it.
     *
     * @param array<int, Item>     $items
     * @param array<int, Decision> $decisions of all items, or of those that were refused
     *
     * @return array<int, Decision>
     */
    private function withRest(string $task, array $items, array $decisions, BatchOptions $options, string $number): array
    {
        $rest = array_diff_key($items, $decisions);
        if ($rest !== []) {
            [$wait] = $this->batch($task, $rest, $options, $number . '-rest');
            $decisions += $wait();
            ksort($decisions);
        }

        return $decisions;
    }

    /**
     * The items that a failure is about: those that it points at, else all.
     *
     * @param array<int, Item> $items
     *
     * @return array<int, Item> never empty
     */
    private static function refused(UnderstudyException $failure, array $items): array
    {
        if (!$failure instanceof InvalidRequest) {
            return $items;
        }
        $places = array_keys($items);
        $refused = [];
        foreach ($failure->problem->errors as $error) {
            if (preg_match('~^/items/(\d+)(/|$)~', $error['pointer'], $match) === 1 && isset($places[(int) $match[1]])) {
                $place = $places[(int) $match[1]];
                $refused[$place] = $items[$place];
            }
        }
        if ($failure->problem->code === 'invalid_json' && $failure->problem->status === 0) {
            $refused = array_filter($items, static fn (Item $item): bool => json_encode(self::body($item, false)) === false);
        }

        return $refused === [] ? $items : $refused;
    }

    /** @return array<string, mixed> */
    private static function body(Item $item, bool $explain): array
    {
        $input = \is_string($item->input) ? ['text' => $item->input] : $item->input;
        $body = ['input' => $input === [] ? new \stdClass() : $input];
        if ($item->subject !== null) {
            $body['subject'] = $item->subject;
        }
        if ($item->externalId !== null) {
            $body['external_id'] = $item->externalId;
        }
        if ($item->attributes !== null) {
            $body['attributes'] = (object) $item->attributes;
        }
        if ($explain) {
            $body['explain'] = true;
        }

        return $body;
    }

    /** A key of the caller's names the first batch; the others need their own. */
    private static function numbered(?CallOptions $call, string $number): ?CallOptions
    {
        if ($call?->idempotencyKey === null || $number === '0') {
            return $call;
        }

        return new CallOptions(
            $call->timeout,
            $call->totalTimeout,
            $call->maxRetries,
            $call->idempotencyKey . '-' . $number,
            $call->traceparent,
            $call->requestId,
        );
    }

    private static function decision(Answer $answer): Decision
    {
        $decision = Decision::fromArray($answer->json());
        if ($decision->id === '') {
            throw $answer->malformed('something that is no decision');
        }

        return $decision;
    }

    /**
     * @param list<int> $places of the items
     *
     * @return array<int, Decision>
     */
    private static function decisions(Answer $answer, array $places): array
    {
        $rows = Read::list($answer->json()['decisions'] ?? null);
        $decisions = array_map(static fn (mixed $row): Decision => Decision::fromArray(Read::object($row)), $rows);
        $known = array_filter($decisions, static fn (Decision $decision): bool => $decision->id !== '');
        if (\count($known) !== \count($places) || \count($known) !== \count($decisions)) {
            throw $answer->malformed(sprintf('%d decisions for %d items', \count($known), \count($places)));
        }

        return array_combine($places, $decisions);
    }
}
