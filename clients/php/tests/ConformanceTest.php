<?php

declare(strict_types=1);

namespace Understudy\Client\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Understudy\Client\ClientOptions;
use Understudy\Client\Download;
use Understudy\Client\Exception;
use Understudy\Client\FollowedEvent;
use Understudy\Client\Listing;
use Understudy\Client\Tests\Conformance\Methods;
use Understudy\Client\Tests\Conformance\Plain;
use Understudy\Client\Tests\Conformance\ScriptedServer;
use Understudy\Client\UnderstudyClient;
use Understudy\Client\Webhook\Verifier;

/** The suite that all clients share, contracts/conformance, against its scripted server. */
final class ConformanceTest extends TestCase
{
    private const FOLDER = __DIR__ . '/../../../contracts/conformance';

    private const CLASSES = [
        'invalid_request' => Exception\InvalidRequest::class,
        'unauthenticated' => Exception\AuthenticationFailed::class,
        'forbidden' => Exception\PermissionDenied::class,
        'not_found' => Exception\NotFound::class,
        'conflict' => Exception\Conflict::class,
        'stale_version' => Exception\StaleVersion::class,
        'rate_limited' => Exception\RateLimited::class,
        'server_error' => Exception\ServerFailed::class,
        'connection_failed' => Exception\ConnectionFailed::class,
        'time_limit_exceeded' => Exception\TimeLimitExceeded::class,
        'unexpected_answer' => Exception\MalformedAnswer::class,
        'invalid_webhook' => Exception\InvalidWebhook::class,
        'invalid_secret' => \InvalidArgumentException::class,
    ];

    private static ?ScriptedServer $server = null;

    public static function setUpBeforeClass(): void
    {
        self::$server = ScriptedServer::start();
    }

    public static function tearDownAfterClass(): void
    {
        self::$server?->stop();
        self::$server = null;
    }

    /** @return iterable<string, array{string}> */
    public static function cases(): iterable
    {
        foreach (glob(self::FOLDER . '/*.json') ?: [] as $file) {
            foreach (self::read($file)->cases ?? [] as $case) {
                yield $case->id => [(string) json_encode($case)];
            }
        }
    }

    /** @dataProvider cases */
    #[DataProvider('cases')]
    public function testCase(string $json): void
    {
        $case = json_decode($json, false, 512, JSON_THROW_ON_ERROR);
        $expected = json_decode((string) json_encode($case->result), true, 512, JSON_THROW_ON_ERROR);
        if (isset($case->webhook)) {
            $this->compare($expected, $this->outcome(fn (): mixed => self::verify($case->webhook)));

            return;
        }
        if (self::$server === null) {
            self::markTestSkipped('the scripted server needs Node and tests/conformance');
        }
        self::$server->begin($case->id);
        $outcome = $this->outcome(fn (): mixed => $this->call($case, self::$server->url));
        $verdict = self::$server->verdict();
        $got = 'got ' . json_encode($outcome, JSON_PARTIAL_OUTPUT_ON_ERROR | JSON_UNESCAPED_UNICODE);
        self::assertSame([], $verdict['problems'], $got);
        self::assertTrue($verdict['ok']);
        $this->compare($expected, $outcome);
    }

    private function call(object $case, string $url): mixed
    {
        $client = (array) ($case->client ?? []);
        $options = new ClientOptions(
            timeout: ($client['timeout_ms'] ?? 10000) / 1000,
            totalTimeout: ($client['total_timeout_ms'] ?? 30000) / 1000,
            maxRetries: $client['max_retries'] ?? 3,
            retryBase: 0.01,
            breakerThreshold: 0,
        );
        $apiKey = \array_key_exists('api_key', $client) ? $client['api_key'] : 'us_conformance';
        $understudy = UnderstudyClient::create($client['base_url'] ?? $url, $apiKey, $options);
        $value = (new Methods($understudy, (array) $case->call->arguments))->call($case->call->method);

        return self::consume($value, $case->call->consume ?? 'value', $case->call->take ?? PHP_INT_MAX);
    }

    private static function consume(mixed $value, string $how, int $take): mixed
    {
        if ($how === 'page' && $value instanceof Listing) {
            return $value->page();
        }
        if ($how === 'text') {
            return $value instanceof Download ? $value->text() : $value;
        }
        if (!\in_array($how, ['items', 'events'], true)) {
            return is_iterable($value) && !\is_array($value) && !$value instanceof \Countable
                ? iterator_to_array($value, false)
                : $value;
        }
        $all = [];
        foreach ($value as $one) {
            $all[] = $one instanceof FollowedEvent
                ? ['id' => $one->id, 'event' => $one->event, 'data' => $one->state]
                : $one;
            if (\count($all) >= $take) {
                break;
            }
        }

        return $all;
    }

    private static function verify(object $webhook): mixed
    {
        $body = $webhook->body ?? base64_decode($webhook->body_base64, true);
        $verifier = new Verifier($webhook->secrets, $webhook->tolerance_seconds ?? 300);

        return $verifier->verify($body, (array) $webhook->headers, $webhook->now)->event;
    }

    /** @return array<string, mixed> as `result` of a case */
    private function outcome(\Closure $call): array
    {
        try {
            return ['json' => Plain::of($call())];
        } catch (Exception\UnderstudyException $failure) {
            return ['error' => [
                'class' => array_search($failure::class, self::CLASSES, true),
                'status' => $failure->problem->status,
                'code' => $failure->problem->code,
                'detail' => $failure->problem->detail,
                'request_id' => $failure->problem->requestId,
                'retry_after' => $failure->retryAfter,
                'errors' => $failure->problem->errors,
            ]];
        } catch (Exception\InvalidWebhook | \InvalidArgumentException $failure) {
            return ['error' => [
                'class' => array_search($failure::class, self::CLASSES, true),
                'detail' => $failure->getMessage(),
            ]];
        }
    }

    private function compare(mixed $expected, mixed $actual, string $path = ''): void
    {
        if (\is_array($expected) && ($expected === [] || !array_is_list($expected))) {
            self::assertIsArray($actual, $path);
            foreach ($expected as $name => $member) {
                self::assertArrayHasKey($name, $actual, $path . ' in ' . json_encode($actual));
                $this->compare($member, $actual[$name], $path . '/' . $name);
            }
            if ($expected === []) {
                self::assertTrue($actual === [] || !array_is_list($actual), $path . ' is empty');
            }
        } elseif (\is_array($expected)) {
            self::assertIsArray($actual, $path);
            self::assertCount(\count($expected), $actual, $path);
            foreach ($expected as $place => $member) {
                $this->compare($member, $actual[$place], $path . '/' . $place);
            }
        } elseif (\is_int($expected) || \is_float($expected)) {
            self::assertTrue(\is_int($actual) || \is_float($actual), $path . ' is ' . json_encode($actual));
            self::assertEqualsWithDelta($expected, $actual, abs($expected) * 1e-12, $path);
        } elseif (self::isTime($expected) && self::isTime($actual)) {
            $time = new \DateTimeImmutable((string) $expected);
            self::assertSame(0, $time <=> new \DateTimeImmutable((string) $actual), "$path: $expected, $actual");
        } else {
            self::assertSame($expected, $actual, $path);
        }
    }

    private static function isTime(mixed $value): bool
    {
        return \is_string($value) && preg_match('/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/D', $value) === 1;
    }

    private static function read(string $file): object
    {
        return json_decode((string) file_get_contents($file), false, 512, JSON_THROW_ON_ERROR);
    }
}
