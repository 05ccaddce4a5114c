<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Symfony\Component\Validator\Validator\ValidatorInterface;
use Understudy\Client\Testing\FakeUnderstudy;
use Understudy\SymfonyBundle\Tests\App\Comment;

/** How an application tests what it does with decisions: the fake stands for the client everywhere. */
final class FakeTest extends ApplicationTestCase
{
    public function testTheFakeAnswersServicesAndForms(): void
    {
        $browser = $this->browser('fake', false);
        $browser->disableReboot();
        $fake = self::getContainer()->get('understudy.client.main');
        self::assertInstanceOf(FakeUnderstudy::class, $fake);
        self::assertSame('review', $this->get($browser, '/predict')['outcome']);
        $fake->willDecide('comment-moderation', 'spam');
        self::assertSame('spam', $this->get($browser, '/predict')['label']);
        self::assertSame(['valid' => false, 'errors' => ['Not here.']], $this->get($browser, '/form'));

        $validator = self::getContainer()->get('validator');
        \assert($validator instanceof ValidatorInterface);
        $comment = new Comment();
        $comment->body = 'a text';
        self::assertCount(1, $validator->validate($comment));
        self::assertSame([], $this->server->log());
    }
}
