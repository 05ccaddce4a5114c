<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Symfony\Bundle\FrameworkBundle\Console\Application;
use Symfony\Bundle\FrameworkBundle\Test\KernelTestCase;
use Symfony\Component\Console\Tester\CommandTester;
use Symfony\Component\Messenger\MessageBusInterface;
use Understudy\Client\Understudy;
use Understudy\SymfonyBundle\Messenger\DecideMessage;
use Understudy\SymfonyBundle\Messenger\DecisionMade;
use Understudy\SymfonyBundle\Messenger\PublishToSource;
use Understudy\SymfonyBundle\Tests\App\Results;

/** Against a real Understudy and a real RabbitMQ; live/live.mjs starts both. Skipped without them. */
final class LiveTest extends KernelTestCase
{
    private string $queue;

    protected function setUp(): void
    {
        foreach (['UNDERSTUDY_LIVE_URL', 'UNDERSTUDY_LIVE_KEY', 'UNDERSTUDY_LIVE_AMQP', 'UNDERSTUDY_LIVE_QUEUE'] as $name) {
            if (!\is_string(getenv($name)) || getenv($name) === '') {
                self::markTestSkipped($name . ' is not set: run clients/php/bundle/tests/live/live.mjs');
            }
        }
        $_ENV['UNDERSTUDY_URL'] = $_SERVER['UNDERSTUDY_URL'] = (string) getenv('UNDERSTUDY_LIVE_URL');
        $_ENV['UNDERSTUDY_API_KEY'] = $_SERVER['UNDERSTUDY_API_KEY'] = (string) getenv('UNDERSTUDY_LIVE_KEY');
        $this->queue = (string) getenv('UNDERSTUDY_LIVE_QUEUE');
        self::bootKernel(['environment' => 'live', 'debug' => false]);
    }

    protected function tearDown(): void
    {
        parent::tearDown();
        restore_exception_handler();
    }

    public function testFromHistoryToDecisionsOverHttpAndOverTheBroker(): void
    {
        $understudy = self::getContainer()->get('understudy.client.main');
        \assert($understudy instanceof Understudy);
        $understudy->tasks()->put('comment-moderation', ['kind' => 'text_classification', 'labels' => [['name' => 'ok'], ['name' => 'spam']]]);
        self::assertStringContainsString('Symfony', $this->command('understudy:ping'));
        self::assertStringContainsString('comment-moderation', $this->command('understudy:tasks'));

        // The application's own history.
        $file = (string) tempnam(sys_get_temp_dir(), 'understudy');
        $pdo = new \PDO('sqlite:' . $file);
        $pdo->exec('CREATE TABLE comments (id INTEGER PRIMARY KEY, body TEXT, status TEXT)');
        $insert = $pdo->prepare('INSERT INTO comments (body, status) VALUES (?, ?)');
        for ($i = 0; $i < 60; ++$i) {
            $insert->execute($i % 2 === 0 ? ["What a helpful article number $i", 'approved'] : ["Buy cheap pills now $i", 'rejected']);
        }
        $display = $this->command('understudy:export', ['task' => 'comment-moderation', 'table' => 'comments', '--dsn' => 'sqlite:' . $file, '--map' => ['approved=ok', 'rejected=spam']]);
        self::assertMatchesRegularExpression('/Accepted +60/', $display);
        unlink($file);

        // Over HTTP, one and many.
        $one = $understudy->predict('comment-moderation', 'Is this spam?');
        self::assertSame(['review', false], [$one->outcome, $one->isFallback()]);
        self::assertStringStartsWith('dec_', $one->id);

        // Messenger over RabbitMQ, decided by the worker in a batch.
        $bus = self::getContainer()->get('test.messenger.default_bus');
        \assert($bus instanceof MessageBusInterface);
        $this->command('messenger:setup-transports', []);
        for ($i = 0; $i < 40; ++$i) {
            $bus->dispatch(new DecideMessage('comment-moderation', "Comment $i over the broker", "worker-$i"));
        }
        $this->consume('decisions', 40);
        $told = $this->told();
        self::assertCount(40, $told);
        self::assertSame(array_map(static fn (int $i): string => "worker-$i", range(0, 39)), array_map(static fn (DecisionMade $made): ?string => $made->externalId, $told));
        self::assertCount(40, array_unique(array_map(static fn (DecisionMade $made): string => $made->decision()->id, $told)));

        // A source of Understudy: work out, answers in, no HTTP of ours.
        $understudy->sources()->put('comments', [
            'bus' => 'rabbit', 'topic' => $this->queue, 'task' => 'comment-moderation',
            'mapping' => ['input' => ['text' => '$.comment.body'], 'external_id' => '$.comment.id'],
            'reply_to' => ['topic' => $this->queue . '.decided'],
        ]);
        for ($i = 0; $i < 5; ++$i) {
            // The third twice: it is decided once.
            foreach ($i === 3 ? [1, 2] : [1] as $time) {
                $bus->dispatch(new PublishToSource(['comment' => ['id' => "c-$i", 'body' => "Comment $i for the source"]], "comment-c-$i", "k-$i"));
            }
        }
        $this->consume('decided', 5);
        $answers = \array_slice($this->told(), 40);
        $ids = array_map(static fn (DecisionMade $made): ?string => $made->externalId, $answers);
        sort($ids);
        self::assertSame(['c-0', 'c-1', 'c-2', 'c-3', 'c-4'], $ids);
        foreach ($answers as $answer) {
            self::assertSame('source', $answer->origin);
            self::assertSame('k' . substr((string) $answer->externalId, 1), $answer->correlationId);
            self::assertStringStartsWith('dec_', $answer->decision()->id);
        }
    }

    private function consume(string $transport, int $messages): void
    {
        $this->command('messenger:consume', ['receivers' => [$transport], '--limit' => (string) $messages, '--time-limit' => '30', '--sleep' => '0.05']);
    }

    /** @param array<string, mixed> $arguments */
    private function command(string $name, array $arguments = []): string
    {
        \assert(self::$kernel !== null);
        $tester = new CommandTester((new Application(self::$kernel))->find($name));
        $status = $tester->execute($arguments, ['interactive' => false]);
        self::assertSame(0, $status, $name . ': ' . $tester->getDisplay());

        return $tester->getDisplay();
    }

    /** @return list<DecisionMade> */
    private function told(): array
    {
        $results = self::getContainer()->get(Results::class);
        \assert($results instanceof Results);

        return array_values(array_filter($results->told, static fn (object $result): bool => $result instanceof DecisionMade));
    }
}
