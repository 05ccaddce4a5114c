<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Symfony\Bundle\FrameworkBundle\Console\Application;
use Symfony\Component\Console\Tester\CommandTester;

final class ConsoleTest extends ApplicationTestCase
{
    public function testPing(): void
    {
        [$status, $display] = $this->command('understudy:ping');

        self::assertSame(0, $status, $display);
        foreach (['understudy 0.1.0', 'Forum (ws_1)', 'predict:write tasks:read', 'yes'] as $shown) {
            self::assertStringContainsString($shown, $display);
        }
    }

    public function testTasks(): void
    {
        [$status, $display] = $this->command('understudy:tasks');

        self::assertSame(0, $status, $display);
        self::assertMatchesRegularExpression('/comment-moderation +Comments +ok, spam +3/', $display);
    }

    public function testPredict(): void
    {
        [$status, $display] = $this->command('understudy:predict', ['task' => 'sentiment', 'text' => 'Lovely!', '--external-id' => 'c-1']);
        self::assertSame(0, $status, $display);
        self::assertStringContainsString('https://understudy.example.com/decisions/dec_sentiment_1', $display);
        self::assertSame(['input' => ['text' => 'Lovely!'], 'external_id' => 'c-1'], $this->server->log()[0]['body']);

        [$status, $display] = $this->command('understudy:predict', ['task' => 'sentiment', 'text' => 'Lovely!', '--json' => true]);
        self::assertSame('dec_sentiment_1', json_decode($display, true)['id']);
    }

    public function testJobs(): void
    {
        [$status, $display] = $this->command('understudy:jobs', ['--task' => 'sentiment', '--limit' => '1']);

        self::assertSame(0, $status, $display);
        self::assertStringContainsString('3/10', $display);
        self::assertStringNotContainsString('job_2', $display);
    }

    public function testImport(): void
    {
        $file = tempnam(sys_get_temp_dir(), 'understudy') . '.ndjson';
        file_put_contents($file, str_repeat('{"input": {"text": "a"}, "label": "ok"}' . "\n", 5000));
        [$status, $display] = $this->command('understudy:import', ['task' => 'sentiment', 'file' => $file]);

        self::assertSame(0, $status, $display);
        self::assertStringContainsString('5000', $display);
        self::assertSame('application/x-ndjson', $this->server->log()[0]['headers']['content-type']);
        unlink($file);
        [$status, $display] = $this->command('understudy:import', ['task' => 'sentiment', 'file' => $file]);
        self::assertSame(1, $status);
        self::assertStringContainsString('There is no file', $display);
    }

    public function testSymfonysOwnCommandsAreContent(): void
    {
        self::assertSame(0, $this->command('lint:container')[0]);
        [, $reference] = $this->command('config:dump-reference', ['name' => 'understudy']);
        self::assertStringContainsString('Seconds that an open breaker waits', $reference);
        [, $autowiring] = $this->command('debug:autowiring', ['search' => 'Understudy']);
        self::assertMatchesRegularExpression('/Understudy.Client.Understudy \$main/', $autowiring);
        [, $config] = $this->command('debug:config', ['name' => 'understudy']);
        self::assertStringContainsString('%env(UNDERSTUDY_API_KEY)%', $config);
    }

    public function testAnUnknownClientIsNamed(): void
    {
        [$status, $display] = $this->command('understudy:tasks', ['--client' => 'nobody']);

        self::assertSame(1, $status);
        self::assertStringContainsString('configured: main, throwing', preg_replace('/\s+/', ' ', $display));
    }

    public function testExportSendsMappedRowsInPages(): void
    {
        $database = $this->table(2501);
        [$status, $display] = $this->command('understudy:export', [
            'task' => 'comment-moderation', 'table' => 'comments', '--dsn' => 'sqlite:' . $database, '--map' => ['approved=ok', 'rejected=spam'],
            '--subject' => 'author', '--occurred-at' => 'created_at', '--page' => '1000', '--where' => "author <> 'robot'",
        ]);

        self::assertSame(0, $status, $display);
        self::assertStringContainsString('2501 rows read', $display);
        self::assertStringContainsString('1 without text or label, 833 with other labels', $display);
        $sent = $this->server->log()[0]['body'];
        self::assertIsString($sent);
        $lines = explode("\n", trim($sent));
        self::assertCount(2501 - 1 - 833, $lines);
        self::assertSame(
            ['input' => ['text' => 'comment 1'], 'label' => 'ok', 'external_id' => '1', 'subject' => 'user-1', 'occurred_at' => '2026-01-01T00:00:01.000Z'],
            json_decode($lines[0], true),
        );
        unlink($database);
    }

    public function testExportToAFileAndItsMistakes(): void
    {
        $database = $this->table(30);
        $file = (string) tempnam(sys_get_temp_dir(), 'understudy');
        $_ENV['TEST_EXPORT_DSN'] = 'sqlite:' . $database;
        $base = ['task' => 'comment-moderation', 'table' => 'comments', '--dsn' => 'env:TEST_EXPORT_DSN'];
        [$status, $display] = $this->command('understudy:export', $base + ['--to' => $file]);
        self::assertSame(0, $status, $display);
        self::assertCount(29, file($file));
        self::assertSame([], $this->server->log());

        foreach (
            [
            [['--text' => 'body; DROP TABLE comments'] + $base, 'is no name of a table or column'],
            [['--text' => 'nothing'] + $base + ['--to' => $file], 'no such column'],
            [['--map' => ['ok']] + $base, '--map is value=label'],
            [['--dsn' => 'env:NOT_THERE'] + $base, 'no environment variable NOT_THERE'],
            [['--page' => '0'] + $base, '--page is at least 1'],
            [['--to' => '/nowhere/file'] + $base, 'cannot be written'],
            [['task' => 'comment-moderation', 'table' => 'comments'], 'give a PDO DSN'],
            ] as [$arguments, $told]
        ) {
            [$status, $display] = $this->command('understudy:export', $arguments);
            self::assertSame(1, $status);
            self::assertStringContainsString($told, (string) preg_replace('/\s+/', ' ', $display));
        }
        unlink($database);
        unlink($file);
    }

    /**
     * @param array<string, mixed> $arguments
     *
     * @return array{int, string}
     */
    private function command(string $name, array $arguments = []): array
    {
        self::ensureKernelShutdown();
        $tester = new CommandTester((new Application(self::bootKernel(['environment' => 'test', 'debug' => false])))->find($name));
        $status = $tester->execute($arguments);
        self::assertStringNotContainsString(self::KEY, $tester->getDisplay());

        return [$status, $tester->getDisplay()];
    }

    /** Ids 1…rows: approved, rejected, pending by turns; one without a text. */
    private function table(int $rows): string
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'understudy');
        $pdo = new \PDO('sqlite:' . $file);
        $pdo->exec('CREATE TABLE comments (id INTEGER PRIMARY KEY, body TEXT, status TEXT, author TEXT, created_at TEXT)');
        $pdo->beginTransaction();
        $insert = $pdo->prepare('INSERT INTO comments VALUES (?, ?, ?, ?, ?)');
        for ($id = 1; $id <= $rows; ++$id) {
            $insert->execute([$id, $id === 2 ? '' : "comment $id", ['approved', 'rejected', 'pending'][($id - 1) % 3], "user-$id", gmdate('Y-m-d H:i:s', 1767225600 + $id)]);
        }
        $pdo->commit();

        return $file;
    }
}
