<?php

declare(strict_types=1);

namespace Understudy\Client\Tests;

use PHPUnit\Framework\AssertionFailedError;
use PHPUnit\Framework\TestCase;
use Understudy\Client\ClientOptions;
use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Exception\RateLimited;
use Understudy\Client\Fallback;
use Understudy\Client\PredictOptions;
use Understudy\Client\Testing\FakeReply;
use Understudy\Client\Testing\FakeUnderstudy;
use Understudy\Client\Testing\RecordedPrediction;
use Understudy\Client\Testing\UnderstudyAssertions;

final class FakeUnderstudyTest extends TestCase
{
    use UnderstudyAssertions;

    public function testItAnswersAsItWasTold(): void
    {
        $fake = (new FakeUnderstudy())->willDecide('moderation', 'spam')->willReview('sentiment', 'positive', 0.6);
        self::assertSame('spam', $fake->predict('moderation', 'buy!')->label);
        $review = $fake->predict('sentiment', 'fine');
        self::assertTrue($review->isReview());
        self::assertSame('positive', $review->suggestion?->label);
        self::assertSame('no_model', $fake->predict('unheard-of', 'x')->review?->reason);
        $byText = static fn (RecordedPrediction $one): array
            => ['outcome' => 'automated', 'label' => str_contains($one->text(), '!') ? 'spam' : 'ok'];
        $fake->willAnswer('moderation', $byText);
        $labels = [];
        foreach ($fake->predictMany('moderation', ['a' => 'hello', 'b' => 'now!']) as $key => $decision) {
            $labels[$key] = $decision->label;
        }
        self::assertSame(['a' => 'ok', 'b' => 'spam'], $labels);
    }

    public function testItFailsAsItWasTold(): void
    {
        $fake = (new FakeUnderstudy())->willFail(FakeReply::problem(429, 'rate_limited', retryAfter: 2), 'moderation');
        self::assertTrue($fake->predict('sentiment', 'x')->isReview());
        $review = new PredictOptions(fallback: Fallback::Review);
        self::assertInstanceOf(RateLimited::class, $fake->predict('moderation', 'x', $review)->cause);
        $away = new FakeUnderstudy(new ClientOptions(fallback: Fallback::Review));
        $away->willFail(ConnectionFailed::local('connection_failed', 'away'));
        self::assertTrue($away->predict('moderation', 'x')->isFallback());
    }

    public function testOtherRoutesAnswerWhatTheyWereTold(): void
    {
        $fake = (new FakeUnderstudy())->onRequest('POST', '/v1/decisions/dec_1/labels', ['id' => 'lbl_1', 'label' => 'ok']);
        self::assertSame('ok', $fake->decisions()->label('dec_1', 'ok', 'appeal')->label);
        self::assertRequested($fake, 'POST', '/v1/decisions/dec_1/labels', times: 1);
        $this->expectException(\LogicException::class);
        $fake->tasks()->get('unknown');
    }

    public function testTheAssertionsHoldAndFail(): void
    {
        $fake = new FakeUnderstudy();
        self::assertNothingPredicted($fake);
        $fake->predict('moderation', 'hello', new PredictOptions(externalId: 'c-1'));
        self::assertPredicted($fake, 'moderation', 'hello', 1);
        self::assertPredicted($fake, 'moderation', static fn (RecordedPrediction $one): bool => $one->externalId === 'c-1');
        foreach (
            [
                static fn () => self::assertNothingPredicted($fake),
                static fn () => self::assertPredicted($fake, 'moderation', 'bye'),
                static fn () => self::assertPredicted($fake, 'sentiment'),
                static fn () => self::assertRequested($fake, 'GET', '/v1/tasks'),
            ] as $wrong
        ) {
            try {
                $wrong();
            } catch (AssertionFailedError) {
                continue;
            }
            self::fail('a wrong assertion held');
        }
    }
}
