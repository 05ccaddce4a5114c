<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Illuminate\Support\Facades\Bus;
use Understudy\Client\Item;
use Understudy\Laravel\Events\DecisionMade;
use Understudy\Laravel\Jobs\DecideManyJob;

final class DecideManyJobTest extends QueueTestCase
{
    public function testManyItemsAreOneRequest(): void
    {
        $this->understudy->willAnswer('comment-moderation', static fn ($item): array => ['outcome' => 'automated', 'label' => 'l' . $item->text()]);
        $told = &$this->told();
        $items = (static function (): \Generator {
            for ($i = 0; $i < 1200; ++$i) {
                yield new Item((string) $i, externalId: "c-$i");
            }
        })();
        $jobs = iterator_to_array(DecideManyJob::chunks('comment-moderation', $items, 500, ['run' => 'night']), false);
        self::assertSame([500, 500, 200], array_map(static fn (DecideManyJob $job): int => \count($job->items), $jobs));
        Bus::batch($jobs)->dispatch();
        $this->work();
        self::assertCount(3, $this->understudy->requests());
        self::assertSame(array_map(static fn (int $i): string => "c-$i l$i", range(0, 1199)), array_map(static fn (DecisionMade $made): string => $made->externalId . ' ' . $made->decision()->label, $told));
        self::assertCount(1200, array_unique(array_map(static fn (DecisionMade $made): string => $made->eventId, $told)));
        self::assertSame($jobs[0]->id . '-499', $told[499]->eventId);
        self::assertSame(['run' => 'night'], $told[0]->context);
    }

    public function testOneThatIsRefusedIsLeftToAPersonAlone(): void
    {
        $this->server();
        $told = &$this->told();
        dispatch(new DecideManyJob('comment-moderation', ['fine', 'poison', ['text' => 'good']]));
        $this->work();
        self::assertSame(['ok', null, 'ok'], array_map(static fn (DecisionMade $made): ?string => $made->decision()->label, $told));
        self::assertSame('invalid_request', $told[1]->failure);
        self::assertSame([0, 0], [$this->rows('jobs'), $this->rows('failed_jobs')]);
    }

    public function testWhatIsNotAnsweredComesAgainAndInTheEndAPersonDecides(): void
    {
        $this->understudy->willFail($this->isAway());
        $told = &$this->told();
        $job = new DecideManyJob('comment-moderation', ['a', new Item('b', externalId: 'c-b')]);
        $job->tries = 2;
        dispatch($job);
        $this->work();
        self::assertSame([1, []], [$this->rows('jobs'), $told]);
        $this->work(true);
        self::assertSame([[null, 'connection_failed'], ['c-b', 'connection_failed']], array_map(static fn (DecisionMade $made): array => [$made->externalId, $made->failure], $told));
        self::assertSame([0, 1], [$this->rows('jobs'), $this->rows('failed_jobs')]);
    }

    public function testSizesAreChecked(): void
    {
        foreach ([static fn () => new DecideManyJob('t', []), static fn () => new DecideManyJob('t', array_fill(0, 1001, 'x')), static fn () => iterator_to_array(DecideManyJob::chunks('t', ['a'], 0))] as $wrong) {
            try {
                $wrong();
                self::fail('accepted');
            } catch (\InvalidArgumentException $refused) {
                self::assertStringContainsString('1 to 1000 items', $refused->getMessage());
            }
        }
    }
}
