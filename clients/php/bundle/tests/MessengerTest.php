<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Doctrine\DBAL\DriverManager;
use PHPUnit\Framework\Attributes\DataProvider;
use Symfony\Component\EventDispatcher\EventDispatcherInterface;
use Symfony\Component\Messenger\Bridge\Doctrine\Transport\Connection as DoctrineConnection;
use Symfony\Component\Messenger\Bridge\Doctrine\Transport\DoctrineTransport;
use Symfony\Component\Messenger\Envelope;
use Symfony\Component\Messenger\Exception\RecoverableMessageHandlingException;
use Symfony\Component\Messenger\Stamp\DelayStamp;
use Symfony\Component\Messenger\Event\WorkerRunningEvent;
use Symfony\Component\Messenger\MessageBusInterface;
use Symfony\Component\Messenger\Transport\Receiver\ReceiverInterface;
use Symfony\Component\Messenger\Transport\Sender\SenderInterface;
use Symfony\Component\Messenger\Transport\Serialization\PhpSerializer;
use Symfony\Component\Messenger\Worker;
use Understudy\SymfonyBundle\Messenger\DecideMessage;
use Understudy\SymfonyBundle\Messenger\DecisionMade;
use Understudy\SymfonyBundle\Tests\App\Results;

/** A real worker over a transport: batches, results, and what becomes of messages when Understudy fails. */
final class MessengerTest extends ApplicationTestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        self::bootKernel(['environment' => 'worker', 'debug' => false]);
    }

    public function testWhatWaitsIsDecidedInOneRequest(): void
    {
        $this->dispatch(...array_map(static fn (int $i): DecideMessage => new DecideMessage('comment-moderation', "text $i", "c-$i", context: ['page' => $i]), range(1, 30)));
        $this->work();

        $log = $this->server->log();
        self::assertCount(1, $log);
        self::assertSame('/v1/predict/comment-moderation/batch', $log[0]['path']);
        self::assertCount(30, $log[0]['body']['items']);
        self::assertCount(30, $this->told());
        foreach ($this->told() as $i => $result) {
            self::assertInstanceOf(DecisionMade::class, $result);
            self::assertSame('c-' . ($i + 1), $result->externalId);
            self::assertSame(['page' => $i + 1], $result->context);
            self::assertSame('ok', $result->decision()->label);
        }
        self::assertSame(0, $this->waiting('async'));
    }

    public function testTasksAreNotMixed(): void
    {
        $this->dispatch(new DecideMessage('sentiment', 'a'), new DecideMessage('comment-moderation', 'b'), new DecideMessage('sentiment', 'c'));
        $this->work();

        self::assertSame(['/v1/predict/sentiment/batch', '/v1/predict/comment-moderation'], array_column($this->server->log(), 'path'));
        self::assertCount(3, $this->told());
    }

    /** @return iterable<string, array{string, bool}> the fault, and whether the server answers with a request id */
    public static function everyFaultThatPasses(): iterable
    {
        foreach (['down', 'hang', 'reset'] as $fault) {
            yield $fault => [$fault, false];
        }
        foreach (['half_body', 'html', 'html_502', 'wrong_json', 'other_json', '500', '503_soon', '429_soon', 'expired_key', 'forbidden', 'task_gone'] as $fault) {
            yield "answers $fault" => [$fault, true];
        }
    }

    /** @dataProvider everyFaultThatPasses */
    #[DataProvider('everyFaultThatPasses')]
    public function testNothingThatIsQueuedIsLostWhateverTheFault(string $fault, bool $answers): void
    {
        $this->break($fault);
        self::bootKernel(['environment' => 'worker', 'debug' => false]);
        $this->dispatch(new DecideMessage('comment-moderation', 'a text of a user', 'c-1'), new DecideMessage('comment-moderation', 'another text', 'c-2'));
        // More rounds than the transport's strategy would repeat (2).
        for ($round = 0; $round < 4; ++$round) {
            $this->work();
        }
        self::assertSame([2, 0], [$this->waiting('async'), $this->waiting('failed')]);
        $log = implode("\n", $this->logged());
        self::assertStringContainsString('items of {task} wait', $log);
        self::assertSame($answers, preg_match('/req_of_the_(server|fault)/', $log) === 1);
        self::assertStringNotContainsString(self::KEY, $log);
        self::assertStringNotContainsString('a text of a user', $log);

        // Understudy is back, and the worker was started anew.
        $queue = $this->transport('async')->get();
        $queue = \is_array($queue) ? $queue : iterator_to_array($queue, false);
        $this->repair();
        self::bootKernel(['environment' => 'worker', 'debug' => false]);
        $transport = $this->transport('async');
        \assert($transport instanceof SenderInterface);
        foreach ($queue as $envelope) {
            $transport->send($envelope);
        }
        $this->work();
        self::assertSame([0, 0], [$this->waiting('async'), $this->waiting('failed')]);
        self::assertSame(['c-1', 'c-2'], array_map(static fn (object $result): ?string => $result->externalId, $this->told()));
    }

    public function testWhatAChangedTaskRefusesIsKeptInTheFailureTransport(): void
    {
        $this->server->mode('task_changed');
        $this->dispatch(new DecideMessage('comment-moderation', 'one', 'c-1'), new DecideMessage('comment-moderation', 'two', 'c-2'));
        $this->work();

        self::assertSame([0, 2], [$this->waiting('async'), $this->waiting('failed')]);
        $log = implode("\n", $this->logged());
        self::assertStringContainsString('can never be decided as it is', $log);
        self::assertStringContainsString('req_of_the_fault', $log);
    }

    public function testRepeatsOfOneMessageCarryOneIdempotencyKey(): void
    {
        $this->server->mode('500');
        $this->dispatch(new DecideMessage('comment-moderation', 'one', id: 'the-same'));
        $this->work();
        $this->work();
        $keys = array_unique(array_map(static fn (array $request): string => trim($request['headers']['idempotency-key'], '"'), $this->server->log()));

        self::assertSame(['messenger-the-same'], array_values($keys));
    }

    public function testABadItemGoesToTheFailureTransportAlone(): void
    {
        foreach (['ok', 'blind'] as $mode) { // blind: the server does not say which one it was
            $this->server->mode($mode);
            $told = \count($this->told());
            $failed = $this->waiting('failed');
            $this->dispatch(...array_map(static fn (int $i): DecideMessage => new DecideMessage('comment-moderation', $i === 4 ? 'poison' : "text $i", "c-$i"), range(1, 9)));
            $this->work();

            self::assertSame(8, \count($this->told()) - $told, $mode);
            self::assertSame(1, $this->waiting('failed') - $failed, $mode);
            self::assertSame(0, $this->waiting('async'), $mode);
        }
        self::assertStringContainsString('can never be decided as it is', implode("\n", $this->logged()));
    }

    public function testAResultThatTheApplicationCouldNotHandleComesAgain(): void
    {
        $results = self::getContainer()->get(Results::class);
        \assert($results instanceof Results);
        $results->failure = new \RuntimeException('the database of the application is away');
        $this->dispatch(new DecideMessage('comment-moderation', 'one', 'c-1', id: 'msg-1'));
        $this->work();
        self::assertSame([], $this->told());
        self::assertSame(1, $this->waiting('async'));
        $this->work();

        self::assertCount(1, $this->told());
        self::assertSame('msg-1', $this->told()[0]->eventId);
    }

    public function testRetryAfterIsHonouredWhereMessengerCan(): void
    {
        $this->server->mode('503');
        $this->dispatch(new DecideMessage('comment-moderation', 'one'));
        $this->work();
        $transport = $this->transport('async');
        \assert(method_exists($transport, 'getSent'));
        $sent = $transport->getSent();
        $delay = end($sent)->last(DelayStamp::class);

        self::assertCount(2, $sent);
        self::assertSame(method_exists(RecoverableMessageHandlingException::class, 'getRetryDelay') ? 30000 : 0, $delay instanceof DelayStamp ? $delay->getDelay() : null);
    }

    public function testItWorksOverDoctrinesTransport(): void
    {
        $database = DriverManager::getConnection(['driver' => 'pdo_sqlite', 'memory' => true]);
        $transport = new DoctrineTransport(new DoctrineConnection(DoctrineConnection::buildConfiguration('doctrine://default', ['auto_setup' => false]), $database), new PhpSerializer());
        $transport->setup();
        for ($i = 1; $i <= 20; ++$i) {
            $transport->send(new Envelope(new DecideMessage('comment-moderation', "text $i", "c-$i")));
        }
        self::assertSame(20, $transport->getMessageCount());
        $this->consume($transport, 20);

        self::assertSame(0, $transport->getMessageCount());
        self::assertSame(['/v1/predict/comment-moderation/batch'], array_column($this->server->log(), 'path'));
        self::assertCount(20, $this->told());
    }

    public function testAMessageSurvivesBothSerialisers(): void
    {
        $message = new DecideMessage('comment-moderation', ['text' => 'ä text'], 'c-1', 'user-7', ['vip' => true], ['page' => 7], 'main', 'id-1');
        foreach ([new PhpSerializer(), new \Symfony\Component\Messenger\Transport\Serialization\Serializer()] as $serializer) {
            $back = $serializer->decode($serializer->encode(new Envelope($message)))->getMessage();
            self::assertEquals($message, $back, $serializer::class);
        }
    }

    private function dispatch(object ...$messages): void
    {
        $bus = self::getContainer()->get('test.messenger.default_bus');
        \assert($bus instanceof MessageBusInterface);
        foreach ($messages as $message) {
            $bus->dispatch($message);
        }
    }

    /** Works through what waits now, as messenger:consume does, and stops when nothing does. */
    private function work(): void
    {
        $this->consume($this->transport('async'), $this->waiting('async'));
    }

    private function consume(ReceiverInterface $transport, int $left): void
    {
        $bus = self::getContainer()->get('test.messenger.default_bus');
        $dispatcher = self::getContainer()->get('event_dispatcher');
        \assert($bus instanceof MessageBusInterface && $dispatcher instanceof EventDispatcherInterface);
        $stop = static function (WorkerRunningEvent $event) use (&$left): void {
            // Idle: everything that waited was taken and the batch was flushed. What came back belongs to the next round.
            if ($event->isWorkerIdle() || --$left <= 0) {
                $event->getWorker()->stop();
            }
        };
        $dispatcher->addListener(WorkerRunningEvent::class, $stop);
        (new Worker(['async' => $transport], $bus, $dispatcher))->run(['sleep' => 0]);
        $dispatcher->removeListener(WorkerRunningEvent::class, $stop);
    }

    private function waiting(string $transport): int
    {
        $transport = $this->transport($transport);
        \assert(method_exists($transport, 'getSent') && method_exists($transport, 'getAcknowledged') && method_exists($transport, 'getRejected'));

        return \count($transport->getSent()) - \count($transport->getAcknowledged()) - \count($transport->getRejected());
    }

    /** In 5.4 and in 7.4 it is not the same class. */
    private function transport(string $name): ReceiverInterface
    {
        $transport = self::getContainer()->get('messenger.transport.' . $name);
        \assert($transport instanceof ReceiverInterface);

        return $transport;
    }
}
