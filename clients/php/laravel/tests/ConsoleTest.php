<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Illuminate\Database\Schema\Blueprint;

/** The commands against a server that answers as Understudy does. */
final class ConsoleTest extends LaravelTestCase
{
    public function testPing(): void
    {
        $this->server();
        $shown = $this->artisan('understudy:ping');
        self::assertMatchesRegularExpression('/Server +understudy 0\.1\.0/', $shown);
        self::assertMatchesRegularExpression('/Ready +yes/', $shown);
        self::assertMatchesRegularExpression('/Workspace +Forum \(ws_1\)/', $shown);
        self::assertStringNotContainsString(self::KEY, $shown);
    }

    public function testTasks(): void
    {
        $this->server();
        $shown = $this->artisan('understudy:tasks');
        self::assertStringContainsString('comment-moderation', $shown);
        self::assertStringContainsString('ok, spam', $shown);
    }

    public function testPredict(): void
    {
        $server = $this->server('ok', 'spam');
        $shown = $this->artisan('understudy:predict', ['task' => 'comment-moderation', 'text' => 'Buy <b>pills</b>', '--external-id' => 'c-7']);
        self::assertMatchesRegularExpression('/Label +spam/', $shown);
        self::assertStringContainsString($server->url() . '/decisions/dec_comment-moderation_1', $shown);
        $json = json_decode($this->artisan('understudy:predict', ['task' => 'comment-moderation', 'text' => 'Buy!', '--external-id' => 'c-7', '--json' => true]), true, 64, \JSON_THROW_ON_ERROR);
        self::assertSame(['spam', 'c-7'], [$json['label'], $json['external_id']]);
    }

    public function testAnotherConnection(): void
    {
        $server = $this->server();
        $this->app->make('config')->set('understudy.connections.night.base_uri', $server->url());
        $this->artisan('understudy:ping', ['--connection' => 'night']);
        $asked = array_values(array_filter($server->log(), static fn (array $request): bool => $request['path'] === '/v1/me'));
        self::assertSame('Bearer us_night_key', $asked[0]['headers']['authorization']);
        self::assertStringContainsString('There is no Understudy connection "day"', $this->artisan('understudy:ping', ['--connection' => 'day'], 1));
    }

    public function testImport(): void
    {
        $server = $this->server();
        $file = sys_get_temp_dir() . '/understudy-' . getmypid() . '.csv';
        file_put_contents($file, "text,label\nHello,ok\n");
        self::assertMatchesRegularExpression('/Accepted +2/', $this->artisan('understudy:import', ['task' => 'comment-moderation', 'file' => $file]));
        self::assertSame('text/csv', $server->log()[0]['headers']['content-type']);
        unlink($file);
        self::assertStringContainsString('There is no file', $this->artisan('understudy:import', ['task' => 'comment-moderation', 'file' => $file], 1));
    }

    public function testAnEloquentModelIsExportedInChunks(): void
    {
        $server = $this->server();
        $this->comments(25);
        $shown = $this->artisan('understudy:export', ['task' => 'comment-moderation', 'from' => Comment::class, '--map' => ['approved=ok', 'rejected=spam'], '--subject' => 'author', '--occurred-at' => 'created_at', '--page' => '4']);
        self::assertMatchesRegularExpression('/Accepted +20/', $shown);
        self::assertStringContainsString('24 rows read', $shown, 'one is in the bin: the model\'s global scope counts');
        self::assertStringContainsString('1 without text or label, 3 with other labels were left out', $shown);
        $lines = array_map(static fn (string $line): array => json_decode($line, true, 16, \JSON_THROW_ON_ERROR), array_filter(explode("\n", $server->log()[0]['body'])));
        self::assertSame(['input' => ['text' => 'Comment 1'], 'label' => 'spam', 'external_id' => '1', 'subject' => 'user-1', 'occurred_at' => '2026-01-01T00:00:01.000Z'], $lines[0]);
        self::assertCount(20, array_unique(array_column($lines, 'external_id')));
    }

    public function testAScopeOfTheModel(): void
    {
        $server = $this->server();
        $this->comments(10);
        $this->artisan('understudy:export', ['task' => 'comment-moderation', 'from' => Comment::class, '--scope' => ['approved']]);
        self::assertStringNotContainsString('rejected', $server->log()[0]['body']);
        self::assertStringContainsString('has no scope "secret"', $this->artisan('understudy:export', ['task' => 't', 'from' => Comment::class, '--scope' => ['secret']], 1));
    }

    public function testATableIsWrittenToAFile(): void
    {
        $this->comments(9);
        $file = sys_get_temp_dir() . '/understudy-' . getmypid() . '.ndjson';
        $shown = $this->artisan('understudy:export', ['task' => 'comment-moderation', 'from' => 'comments', '--where' => "status = 'approved'", '--to' => $file, '--page' => '2']);
        self::assertStringContainsString('4 rows read', $shown);
        $lines = file($file) ?: [];
        self::assertCount(4, $lines);
        self::assertSame(['input' => ['text' => 'Comment 2'], 'label' => 'approved', 'external_id' => '2'], json_decode($lines[0], true));
        unlink($file);
    }

    public function testWrongArgumentsAreTold(): void
    {
        $this->comments(1);
        foreach (
            [
            'neither a model nor the name of a table' => ['from' => 'comments; drop table comments'],
            'only models have scopes' => ['from' => 'comments', '--scope' => ['approved']],
            '--map is value=label' => ['from' => 'comments', '--map' => ['approved']],
            'A page has at least 1 row' => ['from' => 'comments', '--page' => '0'],
            'no such table' => ['from' => 'threads'],
            'holds what is no time' => ['from' => 'comments', '--occurred-at' => 'author'],
            ] as $message => $arguments
        ) {
            self::assertStringContainsString($message, $this->artisan('understudy:export', $arguments + ['task' => 'comment-moderation', '--to' => '/dev/null'], 1));
        }
    }

    public function testAFailureIsToldWithItsCodeAndRequest(): void
    {
        $this->server('expired_key');
        $shown = $this->artisan('understudy:tasks', [], 1);
        self::assertStringContainsString('key_expired', $shown);
        self::assertStringContainsString('request req_of_the', $shown);
        self::assertStringNotContainsString(self::KEY, $shown);
    }

    private function comments(int $rows): void
    {
        $this->app->make('db')->connection()->getSchemaBuilder()->create('comments', static function (Blueprint $table): void {
            $table->id();
            $table->text('body')->nullable();
            $table->string('status')->nullable();
            $table->string('author');
            $table->timestamp('created_at')->nullable();
            $table->timestamp('deleted_at')->nullable();
        });
        for ($i = 1; $i <= $rows; ++$i) {
            $this->app->make('db')->table('comments')->insert([
                'body' => $i === 9 ? null : "Comment $i",
                'status' => $i % 7 === 0 ? 'waiting' : ($i % 2 === 0 ? 'approved' : 'rejected'),
                'author' => "user-$i",
                'created_at' => sprintf('2026-01-01 00:00:%02d', $i),
                'deleted_at' => $i === 10 ? '2026-01-02 00:00:00' : null,
            ]);
        }
    }
}
