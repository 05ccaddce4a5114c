<?php

declare(strict_types=1);

namespace Understudy\Client\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Understudy\Client\BatchOptions;
use Understudy\Client\CallOptions;
use Understudy\Client\CallRecord;
use Understudy\Client\ClientOptions;
use Understudy\Client\Exception;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Fallback;
use Understudy\Client\Http\Reply;
use Understudy\Client\Item;
use Understudy\Client\Observer;
use Understudy\Client\PredictOptions;
use Understudy\Client\Testing\FakeClock;
use Understudy\Client\Testing\FakeReply;
use Understudy\Client\Testing\FakeTransport;
use Understudy\Client\Testing\RecordedRequest;
use Understudy\Client\UnderstudyClient;

final class UnderstudyClientTest extends TestCase
{
    private FakeTransport $transport;

    private FakeClock $clock;

    /** @param list<Reply|UnderstudyException> $answers one a request; the last one for all that follow */
    private function client(array $answers, ?ClientOptions $options = null): UnderstudyClient
    {
        $this->clock = new FakeClock();
        $this->transport = new FakeTransport(static function () use (&$answers): Reply|UnderstudyException {
            return \count($answers) > 1 ? array_shift($answers) : $answers[0];
        });

        return UnderstudyClient::create('https://host.test/', 'us_key', $options, $this->transport, $this->clock);
    }

    private static function decision(string $id = 'dec_1'): Reply
    {
        return FakeReply::json(['id' => $id, 'outcome' => 'automated', 'label' => 'spam', 'confidence' => 1]);
    }

    public function testAPredictionIsOneRequest(): void
    {
        $decision = $this->client([self::decision()])->predict('moderation', 'Grüße', new PredictOptions(
            subject: 'user-7',
            externalId: 'comment-1',
            attributes: ['lang' => 'de'],
            explain: true,
        ));
        [$request] = $this->transport->requests();
        self::assertSame('/v1/predict/moderation', $request->path);
        self::assertSame(
            '{"input":{"text":"Grüße"},"subject":"user-7","external_id":"comment-1","attributes":{"lang":"de"},"explain":true}',
            $request->body,
        );
        self::assertMatchesRegularExpression('/^[0-9a-f-]{36}$/', $request->headers['idempotency-key']);
        self::assertStringEndsWith('understudy-php/' . UnderstudyClient::VERSION, $request->headers['user-agent']);
        self::assertTrue($decision->isAutomated());
        self::assertSame(1.0, $decision->confidence);
    }

    public function testRepeatsKeepTheIdempotencyKeyAndHonourRetryAfter(): void
    {
        $client = $this->client([FakeReply::problem(429, 'rate_limited', retryAfter: 7), self::decision()]);
        $client->predict('moderation', 'x');
        $keys = array_map(
            static fn (RecordedRequest $request): string => $request->headers['idempotency-key'],
            $this->transport->requests(),
        );
        self::assertCount(2, $keys);
        self::assertSame($keys[0], $keys[1]);
        self::assertSame([7.125], $this->clock->slept); // 7 s and half of 0.25 s
    }

    public function testTheWaitBeforeRepeatsDoublesUpToItsCap(): void
    {
        $client = $this->client(
            [FakeReply::problem(503, 'overloaded')],
            new ClientOptions(totalTimeout: 1000, maxRetries: 7, retryBase: 1, retryCap: 8),
        );
        try {
            $client->predict('moderation', 'x');
            self::fail('it throws');
        } catch (Exception\ServerFailed $failure) {
            self::assertSame('overloaded', $failure->errorCode());
            self::assertSame('req_fake', $failure->requestId());
        }
        self::assertSame([0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 4.0], $this->clock->slept);
    }

    public function testNoRepeatBeginsBehindTheTotalTimeLimit(): void
    {
        $client = $this->client([FakeReply::problem(503, 'overloaded', retryAfter: 60)]);
        $this->expectException(Exception\ServerFailed::class);
        try {
            $client->predict('moderation', 'x');
        } finally {
            self::assertCount(1, $this->transport->requests());
            self::assertSame([], $this->clock->slept);
        }
    }

    /** @return iterable<string, array{Reply|UnderstudyException, class-string<UnderstudyException>}> */
    public static function faults(): iterable
    {
        $away = Exception\ConnectionFailed::local('connection_failed', 'away');
        yield 'away' => [$away, Exception\ConnectionFailed::class];
        yield 'half a body' => [new FakeReply(200, '', [], $away), Exception\ConnectionFailed::class];
        yield 'slow' => [Exception\TimeLimitExceeded::local('time_limit', 'slow'), Exception\TimeLimitExceeded::class];
        yield '500' => [FakeReply::problem(500, 'internal_error'), Exception\ServerFailed::class];
        yield '503' => [FakeReply::problem(503, 'overloaded'), Exception\ServerFailed::class];
        yield '429' => [FakeReply::problem(429, 'rate_limited'), Exception\RateLimited::class];
        yield 'HTML' => [new FakeReply(200, '<html>hello</html>'), Exception\MalformedAnswer::class];
        yield 'HTML of a proxy' => [new FakeReply(502, '<html>bad gateway</html>'), Exception\ServerFailed::class];
        yield 'half of the JSON' => [new FakeReply(200, '{"id":"dec_1","out'), Exception\MalformedAnswer::class];
        yield 'wrong JSON' => [FakeReply::json(['hello' => 'world']), Exception\MalformedAnswer::class];
        yield 'a list' => [FakeReply::json([1, 2]), Exception\MalformedAnswer::class];
        yield 'nothing' => [new FakeReply(200, ''), Exception\MalformedAnswer::class];
        yield 'a redirect' => [new FakeReply(302, '', ['location' => 'http://x']), Exception\MalformedAnswer::class];
        yield 'an expired key' => [FakeReply::problem(401, 'key_expired'), Exception\AuthenticationFailed::class];
        yield 'a missing scope' => [FakeReply::problem(403, 'forbidden'), Exception\PermissionDenied::class];
        yield 'a changed task' => [FakeReply::problem(404, 'task_not_found'), Exception\NotFound::class];
        yield 'a changed input' => [FakeReply::problem(400, 'invalid_body'), Exception\InvalidRequest::class];
    }

    /**
     * @dataProvider faults
     *
     * @param class-string<UnderstudyException> $class
     */
    #[DataProvider('faults')]
    public function testEveryFaultIsThrownByItsClass(Reply|UnderstudyException $fault, string $class): void
    {
        $client = $this->client([$fault]);
        $this->expectException($class);
        $client->predict('moderation', 'x');
    }

    /** @dataProvider faults */
    #[DataProvider('faults')]
    public function testWithTheFallbackNoFaultReachesTheApplication(Reply|UnderstudyException $fault): void
    {
        $client = $this->client([$fault], new ClientOptions(fallback: Fallback::Review));
        $options = new PredictOptions(externalId: 'comment-1');
        $all = [
            $client->predict('moderation', 'x', $options),
            $client->predictLater('moderation', 'x', $options)->get(),
            ...$client->predictMany('moderation', [new Item('x', externalId: 'comment-1')]),
        ];
        foreach ($all as $decision) {
            self::assertTrue($decision->isFallback());
            self::assertTrue($decision->isReview());
            self::assertNull($decision->label);
            self::assertSame('', $decision->id);
            self::assertSame('comment-1', $decision->externalId);
            self::assertInstanceOf(UnderstudyException::class, $decision->cause);
        }
    }

    public function testTextThatIsNotUtf8IsAFailureLikeAnyOther(): void
    {
        $client = $this->client([self::decision()]);
        self::assertTrue($client->predict('moderation', "\xff", new PredictOptions(fallback: Fallback::Review))->isFallback());
        self::assertSame([], $this->transport->requests());
        $this->expectException(Exception\InvalidRequest::class);
        $client->predict('moderation', "\xff");
    }

    public function testTheBreakerOpensAfterFailuresAndLetsOneCallTry(): void
    {
        $away = Exception\ConnectionFailed::local('connection_failed', 'away');
        $client = $this->client(
            [$away, $away, $away, self::decision()],
            new ClientOptions(maxRetries: 0, breakerThreshold: 2, breakerCooldown: 10, fallback: Fallback::Review),
        );
        $causes = [];
        foreach ([0, 0, 0, 11, 0, 11, 0] as $seconds) {
            $this->clock->advance($seconds);
            $cause = $client->predict('moderation', 'x')->cause;
            $causes[] = $cause === null ? null : $cause::class;
        }
        self::assertSame([
            Exception\ConnectionFailed::class,
            Exception\ConnectionFailed::class,
            Exception\CircuitOpen::class, // two failures: open
            Exception\ConnectionFailed::class, // after the cooldown one may try
            Exception\CircuitOpen::class,
            null, // the server is back
            null,
        ], $causes);
        self::assertCount(5, $this->transport->requests());
    }

    public function testARefusalDoesNotOpenTheBreaker(): void
    {
        $client = $this->client(
            [FakeReply::problem(404, 'task_not_found')],
            new ClientOptions(breakerThreshold: 1, fallback: Fallback::Review),
        );
        for ($i = 0; $i < 3; $i++) {
            self::assertInstanceOf(Exception\NotFound::class, $client->predict('moderation', 'x')->cause);
        }
    }

    public function testManyKeepsKeysAndOrderInBoundedBatches(): void
    {
        $sizes = [];
        $transport = new FakeTransport(static function (RecordedRequest $request) use (&$sizes): Reply {
            $items = $request->json()['items'];
            $sizes[] = \count($items);

            return FakeReply::json(['decisions' => array_map(
                static fn (array $item): array => ['id' => 'dec_' . $item['input']['text'], 'outcome' => 'review'],
                $items,
            )]);
        });
        $client = UnderstudyClient::create('http://host.test', 'us_key', null, $transport);
        $taken = 0;
        $items = (static function () use (&$taken): \Generator {
            for ($i = 0; $i < 25; $i++) {
                $taken++;
                yield 'row-' . $i => (string) $i;
            }
        })();
        $seen = [];
        foreach ($client->predictMany('moderation', $items, new BatchOptions(size: 4, concurrency: 2)) as $key => $one) {
            self::assertLessThanOrEqual(\count($seen) + 8 + 1, $taken, 'no more is read than is on the wire');
            $seen[$key] = $one->id;
        }
        self::assertSame([4, 4, 4, 4, 4, 4, 1], $sizes);
        self::assertCount(25, $seen);
        self::assertSame('dec_24', $seen['row-24']);
        self::assertSame('row-0', array_key_first($seen));
    }

    public function testARefusedItemDoesNotTakeItsBatchWithIt(): void
    {
        $transport = new FakeTransport(static function (RecordedRequest $request): Reply {
            $items = $request->json()['items'];
            foreach ($items as $place => $item) {
                if ($item['input']['text'] === 'too long') {
                    return FakeReply::json(['code' => 'invalid_body', 'errors' => [
                        ['pointer' => "/items/$place/input/text", 'code' => 'too_long', 'detail' => ''],
                    ]], 400);
                }
            }

            return FakeReply::json(['decisions' => array_map(
                static fn (array $item): array => ['id' => 'dec_' . $item['input']['text'], 'outcome' => 'review'],
                $items,
            )]);
        });
        $options = new ClientOptions(fallback: Fallback::Review);
        $client = UnderstudyClient::create('http://host.test', 'us_key', $options, $transport);
        $ids = [];
        foreach ($client->predictMany('t', ['a', 'too long', "\xff", 'b', 'too long', 'c']) as $key => $decision) {
            $ids[$key] = $decision->isFallback() ? 'fallback' : $decision->id;
        }
        self::assertSame(['dec_a', 'fallback', 'fallback', 'dec_b', 'fallback', 'dec_c'], $ids);
    }

    public function testAKeyOfTheCallersIsDifferentForEachBatch(): void
    {
        $client = $this->client([FakeReply::json(['decisions' => [['id' => 'dec_1']]])]);
        $options = new BatchOptions(size: 1, call: new CallOptions(idempotencyKey: 'nightly-7'));
        self::assertCount(3, iterator_to_array($client->predictMany('t', ['a', 'b', 'c'], $options)));
        self::assertSame(['nightly-7', 'nightly-7-1', 'nightly-7-2'], array_map(
            static fn (RecordedRequest $request): string => $request->headers['idempotency-key'],
            $this->transport->requests(),
        ));
    }

    public function testALaterDecisionIsTheSameEveryTime(): void
    {
        $pending = $this->client([self::decision('dec_1'), self::decision('dec_2')])->predictLater('t', 'x');
        self::assertCount(1, $this->transport->requests(), 'it is on its way');
        self::assertSame($pending->get(), $pending->get());
        $cancelled = $this->client([self::decision()])->predictLater('t', 'x');
        $cancelled->cancel();
        $this->expectException(\LogicException::class);
        $cancelled->get();
    }

    public function testListsAreReadPageByPageAsTheyAreNeeded(): void
    {
        $client = $this->client([
            FakeReply::json(['data' => [['task' => 'a'], ['task' => 'b']], 'next_cursor' => 'c1']),
            FakeReply::json(['data' => [['task' => 'c']], 'next_cursor' => null]),
        ]);
        $names = [];
        foreach ($client->tasks()->list() as $task) {
            $names[] = $task->task;
            self::assertCount($task->task === 'c' ? 2 : 1, $this->transport->requests());
        }
        self::assertSame(['a', 'b', 'c'], $names);
        self::assertSame(['cursor' => 'c1'], $this->transport->requests()[1]->query);
    }

    public function testAnImportIsMadeWhileItIsSent(): void
    {
        $client = $this->client([FakeReply::json(['accepted' => 2, 'duplicates' => 0, 'rejected' => 0, 'problems' => []])]);
        $result = $client->examples()->import('t', [
            ['input' => ['text' => "two\nlines"], 'label' => 'ok'],
            ['input' => ['text' => 'ß'], 'label' => 'ok'],
        ]);
        self::assertSame(2, $result->accepted);
        [$request] = $this->transport->requests();
        self::assertSame('application/x-ndjson', $request->headers['content-type']);
        self::assertSame(
            "{\"input\":{\"text\":\"two\\nlines\"},\"label\":\"ok\"}\n{\"input\":{\"text\":\"ß\"},\"label\":\"ok\"}\n",
            $request->body,
        );
    }

    public function testAGeneratorIsNotSentTwice(): void
    {
        $client = $this->client([FakeReply::problem(503, 'overloaded')]);
        $rows = (static fn (): \Generator => yield ['input' => ['text' => 'a'], 'label' => 'ok'])();
        try {
            $client->examples()->import('t', $rows);
            self::fail('it throws');
        } catch (Exception\ServerFailed) {
            self::assertCount(1, $this->transport->requests());
        }
        $again = static fn (): \Generator => yield ['input' => ['text' => 'a'], 'label' => 'ok'];
        try {
            $client->examples()->import('t', $again);
            self::fail('it throws');
        } catch (Exception\ServerFailed) {
            self::assertCount(1 + 4, $this->transport->requests(), 'a closure makes the rows anew');
        }
    }

    public function testTheObserverSeesEveryCall(): void
    {
        $observer = new class () implements Observer {
            /** @var list<CallRecord> */
            public array $calls = [];

            public function observed(CallRecord $call): void
            {
                $this->calls[] = $call;
            }
        };
        $client = $this->client(
            [FakeReply::problem(503, 'overloaded'), self::decision(), FakeReply::problem(401, 'key_expired')],
            new ClientOptions(fallback: Fallback::Review, observer: $observer),
        );
        $client->predict('moderation', 'x');
        $client->predict('moderation', 'x');
        [$first, $second] = $observer->calls;
        self::assertSame(['predict', 'moderation', 200, 2, false], [
            $first->operation, $first->task, $first->status, $first->attempts, $first->fallback,
        ]);
        self::assertSame(0.125, round($first->seconds, 6));
        self::assertSame('dec_1', $first->decisions[0]->id);
        self::assertSame([401, 1, true, 'req_fake'], [
            $second->status, $second->attempts, $second->fallback, $second->requestId,
        ]);
        self::assertInstanceOf(Exception\AuthenticationFailed::class, $second->error);
        self::assertTrue($second->decisions[0]->isFallback());
    }

    /** @return iterable<string, array{string, ?string}> */
    public static function unusable(): iterable
    {
        yield 'no scheme' => ['host.test', 'us_key'];
        yield 'another scheme' => ['ftp://host.test', 'us_key'];
        yield 'a password' => ['http://user:password@host.test', 'us_key'];
        yield 'a line in the key' => ['http://host.test', "us_key\r\nx-evil: 1"];
        yield 'an empty key' => ['http://host.test', ''];
    }

    /** @dataProvider unusable */
    #[DataProvider('unusable')]
    public function testWhatCannotBeSentAtAllIsRefusedAtOnce(string $baseUri, ?string $apiKey): void
    {
        $this->expectException(\InvalidArgumentException::class);
        UnderstudyClient::create($baseUri, $apiKey);
    }

    public function testNamesStayInTheirPartOfThePath(): void
    {
        $client = $this->client([FakeReply::json(['task' => 'x'])]);
        $client->tasks()->get('a/../b?c');
        self::assertSame('/v1/tasks/a/../b?c', $this->transport->requests()[0]->path);
        $this->expectException(\InvalidArgumentException::class);
        $client->tasks()->get('..');
    }
}
