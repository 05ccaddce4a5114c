<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Understudy\Laravel\Events\CallFinished;
use Understudy\Laravel\Events\DecisionMade;
use Understudy\Laravel\Facades\Understudy;
use Understudy\Laravel\Jobs\DecideJob;
use Understudy\Laravel\Jobs\DecideManyJob;
use Understudy\Laravel\Rules\Moderated;

/** Every fault of the server at every entry point: the application's request is never broken by us, nothing queued is lost. */
final class FaultMatrixTest extends QueueTestCase
{
    private const FAULTS = ['down', 'reset', 'hang', 'half_body', 'html', 'html_502', 'wrong_json', 'other_json', '500', '503', '429', 'expired_key', 'forbidden', 'task_gone', 'task_changed'];

    /** @return iterable<string, array{string}> */
    public static function faults(): iterable
    {
        foreach (self::FAULTS as $fault) {
            yield $fault => [$fault];
        }
    }

    /** @dataProvider faults */
    #[\PHPUnit\Framework\Attributes\DataProvider('faults')]
    public function testPredictionsFallBack(string $fault): void
    {
        $this->break($fault);
        $calls = [];
        $this->app->make('events')->listen(CallFinished::class, static function (CallFinished $finished) use (&$calls): void {
            $calls[] = [$finished->connection, $finished->call->operation, $finished->call->fallback];
        });
        self::assertTrue(Understudy::predict('comment-moderation', 'a text of a user')->isFallback());
        foreach (Understudy::predictMany('comment-moderation', ['a', 'b']) as $decision) {
            self::assertTrue($decision->isFallback());
        }
        self::assertSame([['default', 'predict', true], ['default', 'predictMany', true]], $calls);
        $log = implode("\n", $this->logged());
        self::assertStringNotContainsString(self::KEY, $log);
        self::assertStringNotContainsString('a text of a user', $log);
    }

    /** @dataProvider faults */
    #[\PHPUnit\Framework\Attributes\DataProvider('faults')]
    public function testFormsAreAccepted(string $fault): void
    {
        $this->break($fault);
        $validator = $this->app->make('validator')->make(['body' => 'a text'], ['body' => [new Moderated('comment-moderation', allow: ['ok'])]]);
        self::assertFalse($validator->fails());
    }

    /** @dataProvider faults */
    #[\PHPUnit\Framework\Attributes\DataProvider('faults')]
    public function testNothingQueuedIsLost(string $fault): void
    {
        $this->break($fault);
        $told = &$this->told();
        dispatch(new DecideJob('comment-moderation', 'one', 'c-1'));
        dispatch(new DecideManyJob('comment-moderation', ['two', 'three']));
        $this->work();
        if ($fault === 'task_changed') { // It can never be decided as it is: a person decides, at once.
            self::assertSame(['invalid_request', 'invalid_request', 'invalid_request'], array_map(static fn (DecisionMade $made): ?string => $made->failure, $told));
            self::assertSame([0, 1], [$this->rows('jobs'), $this->rows('failed_jobs')]);

            return;
        }
        self::assertSame([2, 0, []], [$this->rows('jobs'), $this->rows('failed_jobs'), $told]);
        $this->server();
        $this->work(true);
        self::assertSame(['ok', 'ok', 'ok'], array_map(static fn (DecisionMade $made): ?string => $made->decision()->label, $told));
        self::assertSame([0, 0], [$this->rows('jobs'), $this->rows('failed_jobs')]);
    }

    /** @dataProvider faults */
    #[\PHPUnit\Framework\Attributes\DataProvider('faults')]
    public function testWithoutAQueueAPersonDecides(string $fault): void
    {
        $this->break($fault);
        $this->app->make('config')->set('queue.default', 'sync');
        $told = &$this->told();
        dispatch(new DecideJob('comment-moderation', 'one', 'c-1'));
        dispatch(new DecideManyJob('comment-moderation', ['two', 'three']));
        self::assertCount(3, array_filter($told, static fn (DecisionMade $made): bool => $made->decision()->isFallback()));
    }

    /** @dataProvider faults */
    #[\PHPUnit\Framework\Attributes\DataProvider('faults')]
    public function testCommandsSayWhatIsWrong(string $fault): void
    {
        $this->break($fault);
        foreach ([['understudy:ping', []], ['understudy:tasks', []], ['understudy:predict', ['task' => 'comment-moderation', 'text' => 'a text of a user']]] as [$command, $arguments]) {
            $shown = $this->artisan($command, $arguments, 1);
            self::assertNotSame('', trim($shown));
            self::assertStringNotContainsString(self::KEY, $shown);
            self::assertStringNotContainsString('a text of a user', $shown);
        }
    }

    public function testAListenerOfCallsThatFailsCostsNothing(): void
    {
        $this->server();
        $this->app->make('events')->listen(CallFinished::class, static fn () => throw new \RuntimeException('metrics are away'));
        self::assertSame('ok', Understudy::predict('comment-moderation', 'a')->label);
        self::assertStringContainsString('A listener of Understudy\'s calls failed', implode($this->logged()));
    }

    public function testTheBreakersStateIsSharedByACache(): void
    {
        $server = $this->server('500');
        $config = $this->app->make('config');
        $config->set('understudy.connections.default.breaker', ['threshold' => 2, 'cooldown' => 60.0, 'store' => 'array']);
        $config->set('understudy.connections.default.max_retries', 0);
        $connections = $this->get(\Understudy\Laravel\Connections::class);
        for ($i = 0; $i < 4; ++$i) {
            $connections->forget(); // as if each were a process of its own
            self::assertTrue(Understudy::predict('comment-moderation', 'a')->isFallback());
        }
        self::assertCount(2, $server->log());
        self::assertSame('circuit_open', Understudy::predict('comment-moderation', 'a')->cause?->errorCode());
        $config->set('understudy.connections.default.breaker.store', 'nowhere');
        $connections->forget();
        $this->expectException(\InvalidArgumentException::class); // A store that there is none of is a configuration that cannot work.
        Understudy::predict('comment-moderation', 'a');
    }

    private function break(string $fault): void
    {
        if ($fault !== 'down') {
            $this->server($fault);

            return;
        }
        // A port that was free a moment ago and that nothing listens on.
        $probe = stream_socket_server('tcp://127.0.0.1:0');
        \assert($probe !== false);
        $this->point('http://' . stream_socket_get_name($probe, false));
        fclose($probe);
    }
}
