<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Illuminate\Http\Request;
use Illuminate\Support\Facades\Route;
use Understudy\Laravel\Events\DecisionMade;
use Understudy\Laravel\Events\DecisionReviewed;
use Understudy\Laravel\Events\EventReceived;
use Understudy\Laravel\Http\VerifyUnderstudyWebhook;

/** Deliveries signed as Standard Webhooks says, through Laravel's HTTP kernel. */
final class WebhookTest extends LaravelTestCase
{
    private const PATH = '/understudy/webhook';

    /** @var list<object> */
    private array $told = [];

    protected function setUp(): void
    {
        parent::setUp();
        foreach ([DecisionMade::class, DecisionReviewed::class, EventReceived::class] as $event) {
            $this->app->make('events')->listen($event, function (object $told): void {
                $this->told[] = $told;
            });
        }
    }

    public function testADecisionIsTold(): void
    {
        self::assertSame(204, $this->deliver(self::decision()));
        self::assertCount(1, $this->told);
        self::assertInstanceOf(DecisionMade::class, $this->told[0]);
        self::assertSame(['c-1', 'spam', 'webhook', 'evt_1'], [$this->told[0]->externalId, $this->told[0]->decision()->label, $this->told[0]->origin, $this->told[0]->eventId]);
    }

    public function testAReviewAndAllOthersAreTold(): void
    {
        $review = ['decision' => ['id' => 'dec_1', 'external_id' => 'c-1', 'task' => 'comment-moderation'], 'label' => ['label' => 'ok', 'source' => 'reviewer']];
        self::assertSame(204, $this->deliver(self::event('evt_2', 'decision.reviewed', $review)));
        self::assertSame(204, $this->deliver(self::event('evt_3', 'label.recorded', $review)));
        self::assertSame(204, $this->deliver(self::event('evt_4', 'model.promoted', ['model' => 'm'])));
        self::assertInstanceOf(DecisionReviewed::class, $this->told[0]);
        self::assertSame(['ok', 'c-1', 'comment-moderation', 'decision.reviewed'], [$this->told[0]->label(), $this->told[0]->externalId(), $this->told[0]->task(), $this->told[0]->type]);
        self::assertSame('label.recorded', $this->told[1]->type);
        self::assertInstanceOf(EventReceived::class, $this->told[2]);
        self::assertSame(['model.promoted', ['model' => 'm']], [$this->told[2]->type, $this->told[2]->data]);
    }

    public function testAnEventThatComesTwiceIsToldOnce(): void
    {
        self::assertSame([204, 204, 204], [$this->deliver(self::decision()), $this->deliver(self::decision()), $this->deliver(self::decision(), time() - 10)]);
        self::assertCount(1, $this->told);
    }

    public function testTwoDeliveriesAtTheSameMomentAreToldOnce(): void
    {
        $inside = null;
        $this->app->make('events')->listen(DecisionMade::class, function () use (&$inside): void {
            $inside ??= $this->deliver(self::decision());
        });
        self::assertSame(204, $this->deliver(self::decision()));
        self::assertSame(503, $inside, 'the other one comes again later');
        self::assertCount(1, $this->told);
        self::assertSame(204, $this->deliver(self::decision()));
        self::assertCount(1, $this->told);
    }

    public function testAListenerThatFailsBringsItAgain(): void
    {
        $fails = true;
        $this->app->make('events')->listen(DecisionMade::class, static function () use (&$fails): void {
            if ($fails) {
                throw new \RuntimeException('the database is away');
            }
        });
        self::assertSame(503, $this->deliver(self::decision()));
        self::assertStringContainsString('the database is away', implode($this->logged()));
        $fails = false;
        self::assertSame(204, $this->deliver(self::decision()));
        self::assertCount(2, $this->told);
    }

    public function testWhatIsNotOursIsRefused(): void
    {
        $body = self::decision();
        $signed = self::signed($body);
        $other = 'whsec_' . base64_encode(str_repeat('x', 24));
        foreach (
            [
            'altered' => [str_replace('spam', 'okay', $body), $signed],
            'truncated' => [substr($body, 0, -1), $signed],
            'stale' => [$body, self::signed($body, time() - 301)],
            'from the future' => [$body, self::signed($body, time() + 301)],
            'another secret' => [$body, self::signed($body, secret: $other)],
            'a truncated signature' => [$body, ['webhook-signature' => substr($signed['webhook-signature'], 0, -2)] + $signed],
            'no signature' => [$body, array_diff_key($signed, ['webhook-signature' => ''])],
            'another id' => [$body, ['webhook-id' => 'evt_9'] + $signed],
            'no headers' => [$body, []],
            ] as $what => [$sent, $headers]
        ) {
            $response = $this->post(self::PATH, $sent, $headers);
            self::assertSame([400, ''], [$response->getStatusCode(), $response->getContent()], $what);
        }
        self::assertSame([], $this->told);
        $log = implode("\n", $this->logged());
        self::assertStringContainsString('stale', $log);
        self::assertStringNotContainsString(self::SECRET, $log);
    }

    public function testTwoSecretsWhileOneIsChanged(): void
    {
        $new = 'whsec_' . base64_encode(random_bytes(24));
        $this->app->make('config')->set('understudy.webhook.secrets', [$new, self::SECRET]);
        self::assertSame(204, $this->deliver(self::decision()));
        self::assertSame(204, $this->post(self::PATH, self::event('evt_5', 'decision.made', ['id' => 'dec_5']), self::signed(self::event('evt_5', 'decision.made', ['id' => 'dec_5']), id: 'evt_5', secret: $new))->getStatusCode());
        self::assertCount(2, $this->told);
    }

    public function testASecretThatIsNoneIsToldToTheOperatorAndTheDeliveryComesAgain(): void
    {
        $this->app->make('config')->set('understudy.webhook.secrets', ['secret']);
        self::assertSame(503, $this->deliver(self::decision()));
        self::assertStringContainsString('Webhooks cannot be verified', implode($this->logged()));
    }

    public function testThereIsNoRouteWithoutASecretOrAPath(): void
    {
        self::assertSame(['understudy/webhook'], self::routes());
        foreach ([['path' => 'understudy/webhook', 'secrets' => []], ['path' => null, 'secrets' => [self::SECRET]]] as $webhook) {
            $this->app = $this->boot(['understudy.webhook' => $webhook]);
            self::assertSame([], self::routes());
        }
        $this->app = $this->boot(['understudy.webhook' => ['path' => 'hooks/decisions', 'secrets' => [self::SECRET], 'middleware' => [Marked::class]]]);
        $response = $this->post('/hooks/decisions', self::decision(), self::signed(self::decision()));
        self::assertSame([204, 'yes'], [$response->getStatusCode(), $response->headers->get('x-marked')]);
    }

    public function testTheMiddlewareOnARouteOfTheApplication(): void
    {
        Route::post('own', static fn (Request $request): string => VerifyUnderstudyWebhook::event($request)->type)->middleware(VerifyUnderstudyWebhook::class);
        self::assertSame('decision.made', $this->post('/own', self::decision(), self::signed(self::decision()))->getContent());
        self::assertSame(400, $this->post('/own', self::decision())->getStatusCode());
        $this->expectException(\LogicException::class);
        VerifyUnderstudyWebhook::event(Request::create('/own'));
    }

    public function testAnUnknownOptionIsTold(): void
    {
        $this->app->make('config')->set('understudy.webhook.secret', self::SECRET);
        $this->expectException(\InvalidArgumentException::class);
        $this->expectExceptionMessage('understudy.webhook has no option secret');
        \Understudy\Laravel\Http\WebhookIntake::options($this->app);
    }

    public function testACommandSaysWhyADeliveryIsRefused(): void
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'understudy');
        file_put_contents($file, self::decision());
        $headers = self::signed(self::decision(), 1_700_000_000);
        $given = ['file' => $file, '--id' => $headers['webhook-id'], '--timestamp' => $headers['webhook-timestamp'], '--signature' => $headers['webhook-signature']];
        self::assertStringContainsString('stale', $this->artisan('understudy:webhook:verify', $given, 1));
        self::assertStringContainsString('decision.made evt_1, about dec_1', $this->artisan('understudy:webhook:verify', $given + ['--any-age' => true]));
        self::assertStringContainsString('There is no file', $this->artisan('understudy:webhook:verify', ['file' => '/nowhere'], 2));
        unlink($file);
    }

    /** @return list<string> */
    private static function routes(): array
    {
        $ours = array_filter(Route::getRoutes()->getRoutes(), static fn (object $route): bool => $route->getName() === 'understudy.webhook');

        return array_values(array_map(static fn (object $route): string => $route->uri(), $ours));
    }

    private function deliver(string $body, ?int $at = null): int
    {
        return $this->post(self::PATH, $body, self::signed($body, $at, json_decode($body, true)['id']))->getStatusCode();
    }

    private static function decision(): string
    {
        return self::event('evt_1', 'decision.made', ['id' => 'dec_1', 'task' => 'comment-moderation', 'outcome' => 'automated', 'label' => 'spam', 'external_id' => 'c-1']);
    }

    /** @param array<string, mixed> $data */
    private static function event(string $id, string $type, array $data): string
    {
        return json_encode(['id' => $id, 'specversion' => '1.0', 'source' => '/workspaces/ws_1', 'type' => $type, 'subject' => 'dec_1', 'time' => '2026-11-01T10:00:00.000Z', 'data' => $data], \JSON_THROW_ON_ERROR);
    }

    /** @return array<string, string> */
    private static function signed(string $body, ?int $at = null, string $id = 'evt_1', string $secret = self::SECRET): array
    {
        $at ??= time();
        $key = (string) base64_decode(substr($secret, 6), true);

        return [
            'webhook-id' => $id,
            'webhook-timestamp' => (string) $at,
            'webhook-signature' => 'v1,' . base64_encode(hash_hmac('sha256', "$id.$at.$body", $key, true)),
        ];
    }
}
