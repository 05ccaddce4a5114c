<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Symfony\Component\HttpClient\DataCollector\HttpClientDataCollector;
use Understudy\SymfonyBundle\Profiler\CallLog;
use Understudy\SymfonyBundle\Profiler\UnderstudyDataCollector;

final class ProfilerTest extends ApplicationTestCase
{
    public function testThePanelShowsCallsOutcomesCostAndLinks(): void
    {
        $browser = $this->browser();
        $this->get($browser, '/predict');
        $profile = $browser->getProfile();
        self::assertNotFalse($profile);
        $collector = $profile->getCollector('understudy');
        self::assertInstanceOf(UnderstudyDataCollector::class, $collector);
        self::assertSame([1, 1, 0, 0], [$collector->getDecisions(), $collector->getAutomated(), $collector->getFailed(), $collector->getFallbacks()]);
        self::assertEqualsWithDelta(['EUR' => 0.000004], $collector->getCost(), 1e-9);
        self::assertGreaterThan(0.0, $collector->getMilliseconds());

        $panel = $browser->request('GET', '/_profiler/' . $profile->getToken() . '?panel=understudy');
        self::assertSame(200, $browser->getResponse()->getStatusCode());
        $html = (string) $browser->getResponse()->getContent();
        foreach (['predict', 'POST /v1/predict/comment-moderation', 'req_of_the_server', '0.000004 EUR', 'comment-moderation 7', '0.987'] as $shown) {
            self::assertStringContainsString($shown, $html);
        }
        self::assertSame('https://understudy.example.com/decisions/dec_comment-moderation_1', $panel->filter('a[href*="dec_comment"]')->attr('href'));
        self::assertStringNotContainsString(self::KEY, $html . $this->stored($profile));

        $browser->request('GET', '/_wdt/' . $profile->getToken());
        self::assertStringContainsString('panel=understudy', (string) $browser->getResponse()->getContent());
    }

    public function testSymfonysHttpPanelDoesNotKeepOurRequestsWithTheirKey(): void
    {
        $browser = $this->browser();
        $this->get($browser, '/predict');
        $profile = $browser->getProfile();
        self::assertNotFalse($profile);
        $http = $profile->getCollector('http_client');
        \assert($http instanceof HttpClientDataCollector);

        self::assertArrayHasKey('http_client', $http->getClients());
        self::assertSame(0, $http->getRequestCount());
        self::assertSame('Bearer ' . self::KEY, $this->server->log()[0]['headers']['authorization']);
    }

    public function testThePanelOfAFailureNamesCodeAndRequest(): void
    {
        $this->server->mode('expired_key');
        $browser = $this->browser();
        $this->get($browser, '/predict');
        $profile = $browser->getProfile();
        self::assertNotFalse($profile);
        $browser->request('GET', '/_profiler/' . $profile->getToken() . '?panel=understudy');
        $html = (string) $browser->getResponse()->getContent();

        foreach (['AuthenticationFailed', 'key_expired', 'it is key_expired', 'req_of_the_fault', 'fallback: a person decides', '401'] as $shown) {
            self::assertStringContainsString($shown, $html);
        }
    }

    public function testTextsOfTheServerCannotPutMarkupIntoThePanel(): void
    {
        $this->server->mode('ok', '<script>alert(1)</script>');
        $browser = $this->browser();
        $this->get($browser, '/predict');
        $profile = $browser->getProfile();
        self::assertNotFalse($profile);
        $browser->request('GET', '/_profiler/' . $profile->getToken() . '?panel=understudy');
        $html = (string) $browser->getResponse()->getContent();

        self::assertStringContainsString('&lt;script&gt;alert(1)', $html);
        self::assertStringNotContainsString('<script>alert(1)', $html);
    }

    public function testARequestWithoutCallsHasAnEmptyPanel(): void
    {
        $browser = $this->browser();
        $this->get($browser, '/idle');
        $profile = $browser->getProfile();
        self::assertNotFalse($profile);
        $collector = $profile->getCollector('understudy');
        \assert($collector instanceof UnderstudyDataCollector);

        self::assertSame([], $collector->getCalls());
        self::assertSame([], $this->server->log());
    }

    public function testOneRequestDoesNotShowTheCallsOfTheOneBefore(): void
    {
        $browser = $this->browser();
        $browser->disableReboot();
        $this->get($browser, '/predict');
        $this->get($browser, '/many');
        $profile = $browser->getProfile();
        self::assertNotFalse($profile);
        $collector = $profile->getCollector('understudy');
        \assert($collector instanceof UnderstudyDataCollector);

        self::assertCount(1, $collector->getCalls());
        self::assertSame('predictMany', $collector->getCalls()[0]['operation']);
        self::assertCount(2, $collector->getCalls()[0]['decisions']);
    }

    public function testTheLogOfCallsIsBounded(): void
    {
        $log = new CallLog();
        $call = new \Understudy\Client\CallRecord('predict', 'POST', '/v1/predict/x', 'x', 200, 1, 0.0, 0.01, null, null);
        for ($i = 0; $i < CallLog::LIMIT + 7; ++$i) {
            $log->observedOf('main', $call);
        }
        self::assertCount(CallLog::LIMIT, $log->calls());
        self::assertSame(7, $log->dropped());
        $log->reset();
        self::assertSame([[], 0], [$log->calls(), $log->dropped()]);
    }

    public function testWithoutDebugNothingIsRecorded(): void
    {
        $browser = $this->browser('test', false);
        self::assertSame('ok', $this->get($browser, '/predict')['label']);
        self::assertFalse(self::getContainer()->has('understudy.profiler.call_log'));
    }
}
