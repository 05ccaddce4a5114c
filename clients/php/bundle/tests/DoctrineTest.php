<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Symfony\Component\Messenger\Envelope;
use Symfony\Component\Messenger\MessageBusInterface;
use Understudy\SymfonyBundle\Doctrine\DecideListener;
use Understudy\SymfonyBundle\Messenger\DecideMessage;
use Understudy\SymfonyBundle\Tests\App\Comment;
use Understudy\SymfonyBundle\Tests\App\Database;

/** The listener in a real entity manager of Doctrine ORM, on SQLite. */
final class DoctrineTest extends ApplicationTestCase
{
    public function testSavingDispatchesOnceTheRowIsThere(): void
    {
        $bus = self::bus();
        $database = new Database(new DecideListener($bus));
        $comment = new Comment();
        $comment->body = 'a text';
        $database->manager->persist($comment);
        self::assertSame([], $bus->sent);
        $database->manager->flush();

        self::assertCount(1, $bus->sent);
        self::assertInstanceOf(DecideMessage::class, $bus->sent[0]);
        self::assertSame(
            ['comment-moderation', 'a text', Comment::class . ':1', 'somebody', ['entity' => Comment::class, 'entity_id' => '1']],
            [$bus->sent[0]->task, $bus->sent[0]->input, $bus->sent[0]->externalId, $bus->sent[0]->subject, $bus->sent[0]->context],
        );
    }

    public function testOnlyAChangeOfTheTextIsDecidedAgain(): void
    {
        $bus = self::bus();
        $database = new Database(new DecideListener($bus));
        $comment = new Comment();
        $comment->body = 'a text';
        $database->manager->persist($comment);
        $database->manager->flush();
        $comment->state = 'approved';
        $database->manager->flush();
        self::assertCount(1, $bus->sent);
        $comment->body = 'another text';
        $database->manager->flush();
        self::assertCount(2, $bus->sent);
        self::assertSame('another text', $bus->sent[1]->input);
        $database->manager->remove($comment);
        $database->manager->flush();
        self::assertCount(2, $bus->sent);
    }

    public function testSavingSucceedsWhenNothingCanBeDispatched(): void
    {
        $logger = new \Monolog\Logger('test', [$handler = new \Monolog\Handler\TestHandler()]);
        $database = new Database(new DecideListener(self::bus(new \RuntimeException('the broker is away')), $logger));
        $id = $database->save('a text');

        self::assertSame(1, $id);
        self::assertSame('a text', $database->manager->getConnection()->fetchOne('SELECT body FROM Comment'));
        self::assertCount(1, $handler->getRecords());
        self::assertSame(Comment::class . ':1', $handler->getRecords()[0]['context']['entity']);
    }

    public function testWhatWasNotWrittenIsForgotten(): void
    {
        $bus = self::bus();
        $listener = new DecideListener($bus);
        $database = new Database($listener);
        $comment = new Comment();
        $comment->body = 'a text';
        $database->manager->persist($comment);
        $database->manager->clear();
        $database->manager->flush();

        self::assertSame([], $bus->sent);
    }

    /** @return MessageBusInterface&object{sent: list<object>} */
    private static function bus(?\Throwable $failure = null): MessageBusInterface
    {
        return new class ($failure) implements MessageBusInterface {
            /** @var list<object> */
            public array $sent = [];

            public function __construct(private readonly ?\Throwable $failure)
            {
            }

            public function dispatch($message, array $stamps = []): Envelope
            {
                if ($this->failure !== null) {
                    throw $this->failure;
                }
                $this->sent[] = $message;

                return new Envelope($message, $stamps);
            }
        };
    }
}
