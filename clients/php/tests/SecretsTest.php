<?php

declare(strict_types=1);

namespace Understudy\Client\Tests;

use PHPUnit\Framework\TestCase;
use Psr\Log\AbstractLogger;
use Symfony\Component\HttpClient\MockHttpClient;
use Symfony\Component\HttpClient\Response\MockResponse;
use Symfony\Component\VarDumper\Cloner\VarCloner;
use Symfony\Component\VarDumper\Dumper\CliDumper;
use Understudy\Client\ClientOptions;
use Understudy\Client\Data\NewApiKey;
use Understudy\Client\Data\NewWorkspace;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Secret;
use Understudy\Client\UnderstudyClient;
use Understudy\Client\Webhook\Verifier;

/** No secret in dumps, exceptions, logs or serialised values. */
final class SecretsTest extends TestCase
{
    private const KEY = 'us_thekeythatnobodysees';

    private const TEXT = 'a text that is personal data';

    public function testTheClientShowsNoKey(): void
    {
        $options = new ClientOptions(maxRetries: 0);
        $client = UnderstudyClient::create('http://127.0.0.1:9', self::KEY, $options);
        $client->health(); // resources that are made are walked over as well
        self::assertHidden(self::KEY, $client);
        $pending = $client->predictLater('t', self::TEXT); // under way
        self::assertHidden(self::KEY, $client);
        self::assertHidden(self::KEY, $pending);
        $pending->cancel();
    }

    public function testFailuresAndLogsShowNoKeyAndNoText(): void
    {
        $logger = new class () extends AbstractLogger {
            /** @var list<mixed> */
            public array $lines = [];

            public function log($level, $message, array $context = []): void
            {
                $this->lines[] = [$level, (string) $message, $context];
            }
        };
        $options = new ClientOptions(maxRetries: 1, retryBase: 0, logger: $logger);
        $answers = [
            new MockResponse('', ['error' => 'the host is away']),
            new MockResponse('{"detail":"no","code":"key_expired"}', ['http_code' => 401]),
            new MockResponse('<html>', ['http_code' => 200]),
        ];
        foreach ($answers as $answer) {
            $http = new MockHttpClient(static fn (): MockResponse => clone $answer);
            $client = UnderstudyClient::create('http://127.0.0.1:9', self::KEY, $options, $http);
            try {
                $client->predict('t', self::TEXT);
                self::fail('it throws');
            } catch (UnderstudyException $failure) {
                foreach ([self::KEY, self::TEXT] as $secret) {
                    self::assertStringNotContainsString($secret, (string) $failure);
                }
                self::assertHidden(self::KEY, $failure);
            }
        }
        self::assertGreaterThanOrEqual(4, \count($logger->lines));
        self::assertStringNotContainsString(self::KEY, print_r($logger->lines, true));
        self::assertStringNotContainsString(self::TEXT, print_r($logger->lines, true));
    }

    public function testAnswersWithSecretsMaskThemButGiveThem(): void
    {
        $key = NewApiKey::fromArray(['id' => 'key_1', 'secret' => self::KEY]);
        self::assertSame(self::KEY, $key->secret->reveal());
        self::assertSame('***', $key->toArray()['secret']);
        self::assertHidden(self::KEY, $key);
        $workspace = NewWorkspace::fromArray([
            'workspace' => ['id' => 'ws_1'],
            'key' => ['secret' => self::KEY],
            'owner' => ['member' => [], 'sign_in' => ['code' => self::KEY, 'path' => '/#' . self::KEY]],
        ]);
        self::assertSame(self::KEY, $workspace->key->secret->reveal());
        self::assertHidden(self::KEY, $workspace);
        $secret = 'whsec_' . base64_encode(str_repeat('k', 32));
        self::assertHidden(str_repeat('k', 32), new Verifier($secret));
        self::assertHidden($secret, new Verifier($secret));
    }

    public function testASecretIsNeitherCopiedNorSerialised(): void
    {
        $secret = new Secret(self::KEY);
        self::assertSame('***', (string) $secret);
        self::assertSame('"***"', json_encode($secret));
        $this->expectException(\LogicException::class);
        serialize($secret);
    }

    private static function assertHidden(string $secret, object $value): void
    {
        ob_start();
        var_dump($value);
        print_r($value);
        $dumps = [(string) ob_get_clean(), print_r((array) $value, true), (string) json_encode($value)];
        try {
            $dumps[] = var_export($value, true);
        } catch (\Throwable) {
            // what holds closures in circles cannot be exported
        }
        if (class_exists(VarCloner::class)) {
            $dumps[] = (string) (new CliDumper())->dump((new VarCloner())->cloneVar($value), true);
        }
        foreach ($dumps as $dump) {
            self::assertStringNotContainsString($secret, $dump);
        }
    }
}
