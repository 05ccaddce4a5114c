<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Testing\FakeUnderstudy;
use Understudy\Laravel\Facades\Understudy;
use Understudy\Laravel\Rules\Moderated;

/** The rule, through Laravel's validator. */
final class ModeratedTest extends LaravelTestCase
{
    private FakeUnderstudy $understudy;

    protected function setUp(): void
    {
        parent::setUp();
        $this->understudy = Understudy::fake();
    }

    public function testALabelThatIsAllowed(): void
    {
        $this->understudy->willDecide('comment-moderation', 'ok');
        self::assertSame([], $this->errors('Hello', new Moderated('comment-moderation', allow: ['ok'])));
        $this->understudy->willDecide('comment-moderation', 'spam');
        self::assertSame(['The body is not allowed here.'], $this->errors('Buy!', $rule = new Moderated('comment-moderation', allow: ['ok'])));
        self::assertSame('spam', $rule->decision()?->label);
        self::assertSame(['No spam in body, please'], $this->errors('Buy!', new Moderated('comment-moderation', refuse: ['spam'], message: 'No :label in :attribute, please')));
        self::assertSame([], $this->errors('Buy!', new Moderated('comment-moderation', refuse: ['toxic'])));
    }

    public function testWhatAPersonDecides(): void
    {
        $this->understudy->willReview('comment-moderation', 'spam');
        self::assertSame([], $this->errors('Hm', new Moderated('comment-moderation', allow: ['ok'])));
        self::assertSame(['The body has to be looked at by a person first.'], $this->errors('Hm', new Moderated('comment-moderation', allow: ['ok'], onReview: 'reject')));
        self::assertSame([], $this->errors('Hm', new Moderated('comment-moderation', allow: ['ok'], onUnavailable: 'reject')));
    }

    public function testWhenUnderstudyIsAway(): void
    {
        $this->understudy->willFail(ConnectionFailed::local('connection_failed', 'away'));
        self::assertSame([], $this->errors('Hm', new Moderated('comment-moderation', allow: ['ok'])));
        self::assertSame([], $this->errors('Hm', new Moderated('comment-moderation', allow: ['ok'], onReview: 'reject')));
        self::assertSame(['Later, please'], $this->errors('Hm', new Moderated('comment-moderation', allow: ['ok'], onUnavailable: 'reject', reviewMessage: 'Later, please')));
    }

    public function testAConnectionThatCannotWorkIsLoggedAndBreaksNoForm(): void
    {
        self::assertSame([], $this->errors('Hm', new Moderated('comment-moderation', allow: ['ok'], connection: 'day')));
        self::assertStringContainsString('There is no Understudy connection \"day\"', implode($this->logged()));
    }

    public function testOnlyTextsAreDecided(): void
    {
        $rule = new Moderated('comment-moderation', allow: ['ok']);
        self::assertSame(['The body must be a text.'], $this->errors(['a', 'b'], $rule));
        self::assertSame([], $this->errors('', $rule));
        self::assertSame([], $this->errors(null, $rule));
        self::assertSame([], $this->understudy->predictions());
        $this->errors(42, $rule);
        self::assertSame('42', $this->understudy->predictions()[0]->text());
    }

    public function testWrongOptionsAreTold(): void
    {
        foreach ([['allow' => [], 'refuse' => []], ['allow' => ['a'], 'refuse' => ['b']], ['allow' => ['a'], 'onReview' => 'maybe']] as $options) {
            try {
                new Moderated('t', ...$options);
                self::fail('accepted');
            } catch (\InvalidArgumentException $refused) {
                self::assertStringContainsString('Moderated', $refused->getMessage());
            }
        }
    }

    /** @return list<string> */
    private function errors(mixed $body, Moderated $rule): array
    {
        return $this->app->make('validator')->make(['body' => $body], ['body' => [$rule]])->errors()->get('body');
    }
}
