<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Illuminate\Bus\Batch;
use Illuminate\Support\Facades\Bus;
use Illuminate\Support\Facades\Event;
use Understudy\Client\Testing\FakeReply;
use Understudy\Client\Testing\RecordedRequest;
use Understudy\Laravel\Events\DecisionMade;
use Understudy\Laravel\Jobs\DecideJob;

/** The queued job against Laravel's database queue and worker. */
final class DecideJobTest extends QueueTestCase
{
    public function testAWorkerDecidesAndTells(): void
    {
        $this->understudy->willDecide('comment-moderation', 'spam');
        $told = &$this->told();
        dispatch(new DecideJob('comment-moderation', 'Buy!', 'c-1', subject: 'u-1', attributes: ['lang' => 'en'], context: ['thread' => 7]));
        self::assertSame([], $this->understudy->predictions(), 'not within the request');
        $this->work();
        self::assertCount(1, $told);
        self::assertSame(['spam', 'c-1', ['thread' => 7], 'queue'], [$told[0]->decision()->label, $told[0]->externalId, $told[0]->context, $told[0]->origin]);
        $sent = $this->understudy->predictions()[0];
        self::assertSame(['Buy!', 'u-1', 'c-1', ['lang' => 'en']], [$sent->text(), $sent->subject, $sent->externalId, $sent->attributes]);
        self::assertSame(0, $this->rows('jobs'));
        self::assertSame(0, $this->rows('failed_jobs'));
    }

    public function testWhatIsNotAnsweredWaitsAndIsTriedAgainUnderOneKey(): void
    {
        $this->understudy->willFail($this->isAway());
        $told = &$this->told();
        $job = new DecideJob('comment-moderation', 'Buy!', 'c-1');
        dispatch($job);
        $this->work();
        self::assertSame(1, $this->rows('jobs'));
        $wait = $this->app->make('db')->table('jobs')->value('available_at') - time();
        self::assertGreaterThanOrEqual(1, $wait);
        self::assertLessThanOrEqual(2, $wait);
        self::assertSame([], $told);
        self::assertStringContainsString('it is tried again', implode("\n", $this->logged()));

        $this->understudy->willAnswer('comment-moderation', static fn (): array => ['outcome' => 'automated', 'label' => 'ok']);
        $this->heal();
        $this->work(true);
        self::assertCount(1, $told);
        self::assertSame($job->id, $told[0]->eventId);
        $keys = array_unique(array_map(static fn (RecordedRequest $request): ?string => $request->headers['idempotency-key'] ?? null, $this->understudy->requests()));
        self::assertSame(['laravel-' . $job->id], array_values($keys));
    }

    public function testRetryAfterIsHonoured(): void
    {
        $this->understudy->willFail(FakeReply::problem(429, 'rate_limited', retryAfter: 77));
        dispatch(new DecideJob('comment-moderation', 'Buy!'));
        $this->work();
        self::assertGreaterThanOrEqual(76, $this->app->make('db')->table('jobs')->value('available_at') - time());
    }

    public function testAfterTheLastTryAPersonDecidesAndTheJobCanBeRetried(): void
    {
        $this->understudy->willFail($this->isAway());
        $told = &$this->told();
        $job = new DecideJob('comment-moderation', 'Buy!', 'c-1', context: ['thread' => 7]);
        $job->tries = 3;
        dispatch($job);
        for ($try = 1; $try <= 3; ++$try) {
            self::assertSame([], $told);
            $this->work(true);
        }
        self::assertCount(1, $told);
        self::assertTrue($told[0]->decision()->isFallback());
        self::assertSame(['connection_failed', 'c-1', ['thread' => 7], $job->id], [$told[0]->failure, $told[0]->externalId, $told[0]->context, $told[0]->eventId]);
        self::assertSame(0, $this->rows('jobs'));
        self::assertSame(1, $this->rows('failed_jobs'));

        $this->understudy->willDecide('comment-moderation', 'ok');
        $this->heal();
        $this->artisan('queue:retry', ['id' => ['all']]);
        $this->work();
        self::assertCount(2, $told);
        self::assertSame(['ok', $job->id], [$told[1]->decision()->label, $told[1]->eventId]);
        self::assertSame(0, $this->rows('failed_jobs'));
    }

    public function testWhatCanNeverBeDecidedFailsAtOnceAndAPersonDecides(): void
    {
        $this->understudy->willFail(FakeReply::problem(422, 'invalid_request'));
        $told = &$this->told();
        dispatch(new DecideJob('comment-moderation', 'Buy!', 'c-1'));
        $this->work();
        self::assertSame([0, 1], [$this->rows('jobs'), $this->rows('failed_jobs')]);
        self::assertCount(1, $told);
        self::assertSame('invalid_request', $told[0]->failure);
    }

    public function testAListenerThatFailsBringsTheJobAgainAndIsNotToldOfAFallback(): void
    {
        $this->understudy->willDecide('comment-moderation', 'ok');
        $told = &$this->told();
        $this->app->make('events')->listen(DecisionMade::class, static function () use (&$told): void {
            if (\count($told) < 2) {
                throw new \RuntimeException('the application\'s database is away');
            }
        });
        dispatch(new DecideJob('comment-moderation', 'Fine.'));
        $this->work();
        self::assertSame(1, $this->rows('jobs'));
        $this->work(true);
        self::assertCount(2, $told);
        self::assertSame($told[0]->eventId, $told[1]->eventId);
        self::assertSame([0, 0], [$this->rows('jobs'), $this->rows('failed_jobs')]);

        $job = new DecideJob('comment-moderation', 'Fine.');
        $job->tries = 1;
        $told = [];
        dispatch($job);
        $this->work();
        self::assertCount(1, $told);
        self::assertFalse($told[0]->decision()->isFallback());
        self::assertSame(1, $this->rows('failed_jobs'));
    }

    public function testAWorkerThatDiesAgainAndAgainLeavesItToAPerson(): void
    {
        $told = &$this->told();
        $job = new DecideJob('comment-moderation', 'Buy!', 'c-1');
        dispatch($job);
        // As if twelve workers had taken it and died.
        $this->app->make('db')->table('jobs')->update(['attempts' => 12, 'reserved_at' => time() - 1000]);
        $this->work();
        self::assertCount(1, $told);
        self::assertSame(['attempts_exhausted', 'c-1'], [$told[0]->failure, $told[0]->externalId]);
        self::assertSame([0, 1], [$this->rows('jobs'), $this->rows('failed_jobs')]);
    }

    public function testWithoutAQueueItDecidesAtOnceAndNeverThrows(): void
    {
        $told = &$this->told();
        $this->understudy->willFail($this->isAway());
        DecideJob::dispatchSync('comment-moderation', 'Buy!', 'c-1');
        self::assertTrue($told[0]->decision()->isFallback());
        $this->understudy->willFail(FakeReply::problem(422, 'invalid_request'));
        $this->app->make('config')->set('queue.default', 'sync');
        dispatch(new DecideJob('comment-moderation', 'Buy!', 'c-2'));
        self::assertSame(['c-2', 'invalid_request'], [$told[1]->externalId, $told[1]->failure]);
        self::assertSame(0, $this->rows('failed_jobs'));
    }

    public function testBytesThatAreNoTextDoNotBreakTheRequest(): void
    {
        $this->understudy->willDecide('comment-moderation', 'ok');
        dispatch(new DecideJob('comment-moderation', "caf\xe9"));
        dispatch(new DecideJob('comment-moderation', ['title' => "\xff", 'text' => 'fine']));
        $this->work();
        self::assertSame(['caf?', 'fine'], array_map(static fn ($item): string => (string) $item->text(), $this->understudy->predictions()));
    }

    public function testItIsPartOfABatch(): void
    {
        $this->understudy->willDecide('comment-moderation', 'ok');
        $told = &$this->told();
        $batch = Bus::batch(array_map(static fn (int $i): DecideJob => new DecideJob('comment-moderation', "Text $i", "c-$i"), range(1, 5)))->name('night')->allowFailures()->dispatch();
        $this->work();
        $batch = Bus::findBatch($batch->id);
        self::assertInstanceOf(Batch::class, $batch);
        self::assertTrue($batch->finished());
        self::assertSame([5, 0], [$batch->totalJobs, $batch->failedJobs]);
        self::assertCount(5, $told);

        $cancelled = Bus::batch([new DecideJob('comment-moderation', 'Never')])->dispatch();
        $cancelled->cancel();
        $this->work();
        self::assertCount(5, $told);
    }

    public function testListenersMayBeQueued(): void
    {
        Event::listen(DecisionMade::class, QueuedListener::class);
        QueuedListener::$heard = [];
        $this->understudy->willDecide('comment-moderation', 'spam');
        dispatch(new DecideJob('comment-moderation', 'Buy!', 'c-1'));
        $this->work();
        self::assertSame(['c-1 spam'], QueuedListener::$heard);
    }

    private function heal(): void
    {
        $away = new \ReflectionProperty($this->understudy, 'failures');
        $away->setValue($this->understudy, []);
    }
}
