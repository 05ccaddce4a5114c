<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Event;
use Understudy\Client\Data\EventReceipts;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Answer;
use Understudy\Client\Http\Call;
use Understudy\Client\Http\Sender;
use Understudy\Client\Internal\Read;
use Understudy\Client\Page;
use Understudy\Client\Request\CloudEvent;
use Understudy\Client\Request\Request;

/** The workspace's event log, and items sent to a source as CloudEvents. */
final class Events extends Resource
{
    /**
     * One page of the log; `nextCursor` is `$after` of the next one, also at its end.
     *
     * @return Page<Event>
     *
     * @throws UnderstudyException
     */
    public function list(?string $after = null, ?int $limit = null, ?CallOptions $options = null): Page
    {
        $call = new Call('events.list', 'GET', '/v1/events', $options, query: ['after' => $after, 'limit' => $limit]);

        return $this->sender->call($call, static function (Answer $answer): Page {
            $body = $answer->json();
            if (!\is_array($body['data'] ?? null)) {
                throw $answer->malformed('something that is no list');
            }
            $data = array_map(
                static fn (mixed $row): Event => Event::fromArray(Read::object($row)),
                Read::list($body['data']),
            );

            return new Page($data, Read::nullableString($body['next_cursor'] ?? null));
        });
    }

    /**
     * The events behind `$after`, for ever: waits for more at the end of the log. Leave the loop to stop.
     *
     * @param float $every seconds between looks at the end of the log
     *
     * @return \Generator<int, Event>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function follow(?string $after = null, float $every = 1.0, ?CallOptions $options = null): \Generator
    {
        for (;;) {
            $page = $this->list($after, null, $options);
            foreach ($page->data as $event) {
                yield $event;
            }
            $after = $page->nextCursor ?? $after;
            if ($page->data === []) {
                $this->sender->clock->sleep($every);
            }
        }
    }

    /**
     * CloudEvents as one batch; each has `id`, `source`, `type` and `data`. Sent again, an event with the same `source` and
     * `id` is not taken twice.
     *
     * @param list<array<string, mixed>|CloudEvent> $events
     * @param string|null                $source the source of ours that they are for
     *
     * @throws UnderstudyException
     */
    public function send(array $events, ?string $source = null, ?CallOptions $options = null): EventReceipts
    {
        $batch = array_map(static fn (array|CloudEvent $event): array
            => ['specversion' => '1.0'] + Request::fields($event), $events);

        return $this->one(new Call(
            'events.send',
            'POST',
            '/v1/events',
            $options,
            query: ['source' => $source],
            body: $batch === [] ? '[]' : Sender::encode($batch),
            contentType: 'application/cloudevents-batch+json',
        ), EventReceipts::fromArray(...));
    }
}
