<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Understudy\Client\Item;
use Understudy\Laravel\Events\DecisionMade;
use Understudy\Laravel\Facades\Understudy;
use Understudy\Laravel\Jobs\DecideJob;
use Understudy\Laravel\Jobs\DecideManyJob;

/** Against a real Understudy, which live.mjs starts. Skipped without it. */
final class LiveTest extends QueueTestCase
{
    /** @var resource|null */
    private $web = null;

    private string $heard = '';

    protected function setUp(): void
    {
        $url = getenv('UNDERSTUDY_LIVE_URL');
        if (!\is_string($url) || $url === '') {
            self::markTestSkipped('UNDERSTUDY_LIVE_URL is not set: run clients/php/laravel/tests/live.mjs');
        }
        parent::setUp();
        $this->app->make('config')->set('understudy.connections.default', ['base_uri' => $url, 'api_key' => (string) getenv('UNDERSTUDY_LIVE_KEY'), 'timeout' => 10.0, 'total_timeout' => 30.0]);
        Understudy::forget();
    }

    protected function tearDown(): void
    {
        if ($this->web !== null) {
            proc_terminate($this->web);
            proc_close($this->web);
            unlink($this->heard);
            @unlink($this->heard . '.secret');
        }
        if (isset($this->app)) {
            parent::tearDown();
        }
    }

    public function testFromHistoryToDecisionsAndAWebhookThatIsDelivered(): void
    {
        Understudy::tasks()->put('comment-moderation', ['kind' => 'text_classification', 'labels' => [['name' => 'ok'], ['name' => 'spam']]]);
        self::assertStringContainsString('Laravel', $this->artisan('understudy:ping'));
        self::assertStringContainsString('comment-moderation', $this->artisan('understudy:tasks'));

        // The application's own history.
        $this->app->make('db')->connection()->getSchemaBuilder()->create('comments', static function ($table): void {
            $table->id();
            $table->text('body');
            $table->string('status');
            $table->timestamp('created_at')->nullable();
            $table->timestamp('deleted_at')->nullable();
        });
        for ($i = 0; $i < 60; ++$i) {
            $this->app->make('db')->table('comments')->insert($i % 2 === 0 ? ['body' => "What a helpful article number $i", 'status' => 'approved'] : ['body' => "Buy cheap pills now $i", 'status' => 'rejected']);
        }
        $shown = $this->artisan('understudy:export', ['task' => 'comment-moderation', 'from' => Comment::class, '--map' => ['approved=ok', 'rejected=spam'], '--occurred-at' => 'created_at', '--gzip' => true]);
        self::assertMatchesRegularExpression('/Accepted +60/', $shown);

        $secret = $this->serve();

        // One at once, one and many through the queue.
        $one = Understudy::predict('comment-moderation', 'Is this spam?');
        self::assertSame(['review', false], [$one->outcome, $one->isFallback()]);
        $told = &$this->told();
        $job = new DecideJob('comment-moderation', 'Through the queue', 'live-1');
        dispatch($job);
        dispatch(clone $job); // The same id: decided once.
        dispatch(new DecideManyJob('comment-moderation', array_map(static fn (int $i): Item => new Item("Item $i", externalId: "many-$i"), range(1, 30))));
        $this->work();
        self::assertCount(32, $told);
        self::assertSame($told[0]->decision()->id, $told[1]->decision()->id);
        self::assertCount(31, array_unique(array_map(static fn (DecisionMade $made): string => $made->decision()->id, $told)));

        // All of them are told by the webhook, verified by its secret.
        self::assertStringStartsWith('whsec_', $secret);
        $expected = array_unique(array_map(static fn (DecisionMade $made): string => "webhook $made->externalId {$made->decision()->id}", $told));
        $until = microtime(true) + 240; // a delivery that fails under load is repeated after a while
        do {
            usleep(200_000);
            $missing = array_diff($expected, file($this->heard, \FILE_IGNORE_NEW_LINES) ?: []);
        } while ($missing !== [] && microtime(true) < $until);
        self::assertSame([], array_values($missing));
    }

    /** The application behind PHP's own web server, and a webhook of Understudy that leads there. */
    private function serve(): string
    {
        $this->heard = (string) tempnam(sys_get_temp_dir(), 'understudy-live');
        $probe = stream_socket_server('tcp://127.0.0.1:0');
        \assert($probe !== false);
        $address = (string) stream_socket_get_name($probe, false);
        fclose($probe);
        $web = proc_open(
            [(string) getenv('LARAVEL_PHP'), '-d', 'include_path=' . get_include_path(), '-d', 'error_reporting=24575', '-S', $address, __DIR__ . '/App/front.php'],
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']],
            $pipes,
            null,
            ['PHP_CLI_SERVER_WORKERS' => '4', 'LIVE_TOLD' => $this->heard, 'LARAVEL_ROOT' => (string) getenv('LARAVEL_ROOT'), 'PATH' => (string) getenv('PATH')],
        );
        \assert($web !== false);
        $this->web = $web;
        for ($try = 0; $try < 100 && @stream_socket_client('tcp://' . $address) === false; ++$try) {
            usleep(50_000);
        }
        $webhook = Understudy::webhooks()->create(['url' => 'http://' . $address . '/understudy/webhook', 'events' => ['decision.made']]);
        file_put_contents($this->heard . '.secret', $webhook->secret->reveal());

        return $webhook->secret->reveal();
    }
}
