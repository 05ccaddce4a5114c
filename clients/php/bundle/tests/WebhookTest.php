<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Psr\Cache\CacheItemPoolInterface;
use Symfony\Bundle\FrameworkBundle\Console\Application;
use Symfony\Bundle\FrameworkBundle\KernelBrowser;
use Symfony\Component\Console\Tester\CommandTester;
use Symfony\Component\RemoteEvent\RemoteEvent;
use Understudy\SymfonyBundle\Messenger\DecisionMade;
use Understudy\SymfonyBundle\Messenger\DecisionReviewed;
use Understudy\SymfonyBundle\Messenger\EventReceived;
use Understudy\SymfonyBundle\Tests\App\Kernel;
use Understudy\SymfonyBundle\Tests\App\RemoteEvents;
use Understudy\SymfonyBundle\Tests\App\Results;

final class WebhookTest extends ApplicationTestCase
{
    public function testAnEventReachesTheApplicationAsAMessage(): void
    {
        $browser = $this->browser();
        $browser->disableReboot();
        $this->forgetEvents();
        self::assertSame(204, $this->deliver($browser, self::event('evt_1', 'decision.made', ['id' => 'dec_1', 'task' => 'comment-moderation', 'outcome' => 'automated', 'label' => 'spam', 'external_id' => 'c-1'])));
        self::assertSame(204, $this->deliver($browser, self::event('evt_2', 'decision.reviewed', ['label' => ['label' => 'ok', 'source' => 'reviewer'], 'decision' => ['id' => 'dec_2', 'external_id' => 'c-2', 'task' => 'comment-moderation']])));
        self::assertSame(204, $this->deliver($browser, self::event('evt_3', 'job.finished', ['job' => 'job_1', 'task' => 'sentiment', 'status' => 'succeeded'])));

        [$made, $reviewed, $other] = $this->told();
        self::assertInstanceOf(DecisionMade::class, $made);
        self::assertSame(['spam', 'c-1', 'evt_1', 'webhook'], [$made->decision()->label, $made->externalId, $made->eventId, $made->origin]);
        self::assertInstanceOf(DecisionReviewed::class, $reviewed);
        self::assertSame(['ok', 'c-2', 'comment-moderation'], [$reviewed->label(), $reviewed->externalId(), $reviewed->task()]);
        self::assertInstanceOf(EventReceived::class, $other);
        self::assertSame(['job.finished', 'succeeded'], [$other->type, $other->data['status']]);
    }

    public function testWhatIsNotFromTheServerIsRefused(): void
    {
        $browser = $this->browser();
        $browser->disableReboot();
        $this->forgetEvents();
        $body = self::event('evt_1', 'decision.made', ['id' => 'dec_1', 'outcome' => 'automated', 'label' => 'spam']);
        $good = self::signature('evt_1', (string) time(), $body);
        $refused = [
            'no headers' => [$body, []],
            'altered body' => [str_replace('spam', 'ham!', $body), []  + $good],
            'truncated body' => [substr($body, 0, -1), $good],
            'truncated signature' => [$body, ['HTTP_WEBHOOK_SIGNATURE' => substr($good['HTTP_WEBHOOK_SIGNATURE'], 0, -4)] + $good],
            'altered signature' => [$body, ['HTTP_WEBHOOK_SIGNATURE' => 'v1,' . base64_encode(str_repeat('x', 32))] + $good],
            'empty signature' => [$body, ['HTTP_WEBHOOK_SIGNATURE' => 'v1,'] + $good],
            'other version' => [$body, ['HTTP_WEBHOOK_SIGNATURE' => 'v2,' . substr($good['HTTP_WEBHOOK_SIGNATURE'], 3)] + $good],
            'other id' => [$body, ['HTTP_WEBHOOK_ID' => 'evt_2'] + $good],
            'other time' => [$body, ['HTTP_WEBHOOK_TIMESTAMP' => (string) (time() - 1)] + $good],
            'stale' => [$body, self::signature('evt_1', (string) (time() - 301), $body)],
            'from the future' => [$body, self::signature('evt_1', (string) (time() + 310), $body)],
            'time is none' => [$body, self::signature('evt_1', 'now', $body)],
            'other secret' => [$body, self::signature('evt_1', (string) time(), $body, base64_encode(str_repeat('k', 32)))],
            'no event' => ['[]', self::signature('evt_1', (string) time(), '[]')],
        ];
        foreach ($refused as $name => [$sent, $headers]) {
            $browser->request('POST', '/understudy/webhook', [], [], ['CONTENT_TYPE' => 'application/cloudevents+json'] + $headers, $sent);
            self::assertSame(400, $browser->getResponse()->getStatusCode(), $name);
            self::assertSame('', $browser->getResponse()->getContent(), $name);
        }
        self::assertSame([], $this->told());
        self::assertCount(\count($refused), array_filter($this->logged(), static fn (string $line): bool => str_contains($line, 'webhook was refused')));
        self::assertStringNotContainsString(Kernel::WEBHOOK_SECRET, implode("\n", $this->logged()));
        $browser->catchExceptions(true);
        $browser->request('GET', '/understudy/webhook');
        self::assertSame(405, $browser->getResponse()->getStatusCode());
    }

    public function testAReplayAndARepeatedDeliveryAreToldOnce(): void
    {
        $browser = $this->browser();
        $browser->disableReboot();
        $this->forgetEvents();
        $body = self::event('evt_1', 'decision.made', ['id' => 'dec_1', 'outcome' => 'automated', 'label' => 'spam']);
        $headers = self::signature('evt_1', (string) time(), $body);
        self::assertSame(204, $this->deliver($browser, $body, $headers));
        self::assertSame(204, $this->deliver($browser, $body, $headers), 'replayed');
        self::assertSame(204, $this->deliver($browser, $body, self::signature('evt_1', (string) (time() + 5), $body)), 'delivered again');

        self::assertCount(1, $this->told());
    }

    public function testAnEventThatTheApplicationCouldNotHandleIsAskedForAgain(): void
    {
        $browser = $this->browser();
        $browser->disableReboot();
        $this->forgetEvents();
        $results = self::getContainer()->get(Results::class);
        \assert($results instanceof Results);
        $results->failure = new \RuntimeException('the database of the application is away');
        $body = self::event('evt_1', 'decision.made', ['id' => 'dec_1', 'outcome' => 'automated', 'label' => 'spam']);

        self::assertSame(503, $this->deliver($browser, $body));
        self::assertSame(204, $this->deliver($browser, $body));
        self::assertCount(1, $this->told());
    }

    public function testSymfonysOwnWebhookComponentTakesThemToo(): void
    {
        if (!class_exists(RemoteEvent::class)) {
            self::assertLessThan(6, Kernel::MAJOR_VERSION);
            self::assertFalse(self::bootKernel(['environment' => 'test'])->getContainer()->has('understudy.webhook.request_parser'));

            return;
        }
        $browser = $this->browser();
        $browser->disableReboot();
        $this->forgetEvents();
        $body = self::event('evt_1', 'decision.made', ['id' => 'dec_1', 'outcome' => 'automated', 'label' => 'spam']);
        $headers = ['CONTENT_TYPE' => 'application/cloudevents+json'] + self::signature('evt_1', (string) time(), $body);
        $browser->catchExceptions(true);
        $browser->request('POST', '/webhook/understudy', [], [], $headers, $body);
        self::assertSame(202, $browser->getResponse()->getStatusCode(), (string) $browser->getResponse()->getContent());
        $browser->request('POST', '/webhook/understudy', [], [], ['HTTP_WEBHOOK_ID' => 'evt_2'] + $headers, $body);
        self::assertGreaterThanOrEqual(400, $browser->getResponse()->getStatusCode());

        $consumer = self::getContainer()->get(RemoteEvents::class);
        \assert($consumer instanceof RemoteEvents);
        self::assertCount(1, $consumer->events);
        self::assertSame(['decision.made', 'evt_1', 'spam'], [$consumer->events[0]->getName(), $consumer->events[0]->getId(), $consumer->events[0]->getPayload()['data']['label']]);
    }

    public function testTheCommandSaysWhyADeliveryIsRefused(): void
    {
        $application = new Application(self::bootKernel(['environment' => 'test', 'debug' => false]));
        $tester = new CommandTester($application->find('understudy:webhook:verify'));
        $body = self::event('evt_1', 'decision.made', ['id' => 'dec_1']);
        $file = (string) tempnam(sys_get_temp_dir(), 'understudy');
        file_put_contents($file, $body);
        $arguments = static fn (array $headers): array => ['file' => $file, '--id' => $headers['HTTP_WEBHOOK_ID'], '--timestamp' => $headers['HTTP_WEBHOOK_TIMESTAMP'], '--signature' => $headers['HTTP_WEBHOOK_SIGNATURE']];

        self::assertSame(0, $tester->execute($arguments(self::signature('evt_1', (string) time(), $body))), $tester->getDisplay());
        self::assertStringContainsString('decision.made evt_1', $tester->getDisplay());
        $old = self::signature('evt_1', (string) (time() - 9999), $body);
        self::assertSame(1, $tester->execute($arguments($old)));
        self::assertStringContainsString('stale', $tester->getDisplay());
        self::assertSame(0, $tester->execute($arguments($old) + ['--any-age' => true]));
        self::assertSame(1, $tester->execute(['--signature' => 'v1,AAAA'] + $arguments(self::signature('evt_1', (string) time(), $body))));
        self::assertStringContainsString('signature', $tester->getDisplay());
        self::assertStringNotContainsString(substr(Kernel::WEBHOOK_SECRET, 6), $tester->getDisplay());
        unlink($file);
    }

    private function forgetEvents(): void
    {
        $cache = self::getContainer()->get('cache.app');
        \assert($cache instanceof CacheItemPoolInterface);
        $cache->clear();
    }

    /** @param array<string, mixed> $data */
    public static function event(string $id, string $type, array $data): string
    {
        return json_encode(['specversion' => '1.0', 'id' => $id, 'source' => '/v1/ledger', 'type' => $type, 'subject' => 'dec_1', 'time' => '2026-11-01T10:00:00Z', 'datacontenttype' => 'application/json', 'data' => $data], \JSON_THROW_ON_ERROR);
    }

    /** @return array<string, string> */
    public static function signature(string $id, string $timestamp, string $body, ?string $key = null): array
    {
        $key = base64_decode($key ?? substr(Kernel::WEBHOOK_SECRET, 6), true);

        return ['HTTP_WEBHOOK_ID' => $id, 'HTTP_WEBHOOK_TIMESTAMP' => $timestamp, 'HTTP_WEBHOOK_SIGNATURE' => 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", (string) $key, true))];
    }

    /** @param array<string, string>|null $headers */
    private function deliver(KernelBrowser $browser, string $body, ?array $headers = null): int
    {
        $headers ??= self::signature(json_decode($body, true)['id'], (string) time(), $body);
        $browser->request('POST', '/understudy/webhook', [], [], ['CONTENT_TYPE' => 'application/cloudevents+json'] + $headers, $body);

        return $browser->getResponse()->getStatusCode();
    }
}
