<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use Symfony\Bundle\FrameworkBundle\Console\Application;
use Symfony\Component\Console\Tester\CommandTester;
use Understudy\SymfonyBundle\Messenger\DecisionMade;
use Understudy\SymfonyBundle\Profiler\UnderstudyDataCollector;

/** Every fault × every way into the bundle: the application's request is never broken, and the failure can be seen. */
final class FaultMatrixTest extends ApplicationTestCase
{
    private const ENTRIES = ['predict', 'later', 'many', 'throwing', 'twig', 'resource', 'validate', 'form', 'dispatch', 'save'];

    /** Whether the server answers with a request id. */
    private const FAULTS = [
        'down' => false, 'reset' => false, 'hang' => false, 'half_body' => true, 'html' => true, 'html_502' => true,
        'wrong_json' => true, 'other_json' => true, '500' => true, '503' => true, '429' => true, 'expired_key' => true,
        'forbidden' => true, 'task_gone' => true, 'task_changed' => true,
    ];

    /** @return iterable<string, array{string, string}> */
    public static function everyFaultByEveryEntry(): iterable
    {
        foreach (array_keys(self::FAULTS) as $fault) {
            foreach (self::ENTRIES as $entry) {
                yield "$fault × $entry" => [(string) $fault, $entry];
            }
        }
    }

    /** @dataProvider everyFaultByEveryEntry */
    #[DataProvider('everyFaultByEveryEntry')]
    public function testTheRequestGoesOnAndTheFailureIsSeen(string $fault, string $entry): void
    {
        $this->break($fault);
        $browser = $this->browser();
        $browser->enableProfiler();
        $browser->request('GET', '/' . $entry);

        self::assertSame(200, $browser->getResponse()->getStatusCode());
        $content = (string) $browser->getResponse()->getContent();
        match ($entry) {
            'predict', 'later' => self::assertSame(['review', null, true], array_values(\array_slice(json_decode($content, true), 0, 3))),
            'many' => self::assertSame(['a' => 'review', 'b' => 'review'], json_decode($content, true)),
            'throwing', 'resource' => self::assertArrayHasKey('code', json_decode($content, true)),
            'twig' => self::assertStringContainsString('<body>undecided review', $content),
            'validate' => self::assertSame(['violations' => 0], json_decode($content, true)),
            'form' => self::assertSame(['valid' => true, 'errors' => []], json_decode($content, true)),
            'dispatch', 'save' => self::assertTrue($this->isToldAsFallback()),
        };

        $profile = $browser->getProfile();
        self::assertNotFalse($profile);
        $collector = $profile->getCollector('understudy');
        \assert($collector instanceof UnderstudyDataCollector);
        self::assertGreaterThan(0, $collector->getFailed());
        $failed = array_values(array_filter($collector->getCalls(), static fn (array $call): bool => $call['error'] !== null));
        self::assertNotSame('', $failed[0]['error']['code']);
        $log = implode("\n", $this->logged());
        self::assertStringContainsString($failed[0]['error']['code'], $log);
        if (self::FAULTS[$fault]) {
            self::assertMatchesRegularExpression('/req_of_the_(server|fault)/', (string) $failed[0]['request_id']);
            self::assertStringContainsString((string) $failed[0]['request_id'], $log);
        }
        self::assertStringNotContainsString(self::KEY, $log . $content . $this->stored($profile));
        self::assertStringNotContainsString('a text of a user', $log . serialize($collector));
    }

    /** @return iterable<string, array{string}> */
    public static function everyFault(): iterable
    {
        foreach (array_keys(self::FAULTS) as $fault) {
            yield (string) $fault => [(string) $fault];
        }
    }

    /** @dataProvider everyFault */
    #[DataProvider('everyFault')]
    public function testConsoleCommandsFailWithACodeInsteadOfATrace(string $fault): void
    {
        $this->break($fault);
        $kernel = self::bootKernel(['environment' => 'test', 'debug' => false]);
        $application = new Application($kernel);
        $examples = tempnam(sys_get_temp_dir(), 'understudy');
        file_put_contents($examples, '{"input": {"text": "a"}, "label": "ok"}' . "\n");
        foreach (
            [
            ['understudy:ping', []],
            ['understudy:tasks', []],
            ['understudy:jobs', []],
            ['understudy:predict', ['task' => 'comment-moderation', 'text' => 'a text of a user']],
            ['understudy:import', ['task' => 'comment-moderation', 'file' => $examples, '--timeout' => '0.4']],
            ] as [$name, $arguments]
        ) {
            $tester = new CommandTester($application->find($name));
            self::assertSame(1, $tester->execute($arguments), "$name: " . $tester->getDisplay());
            self::assertStringContainsString('[ERROR]', $tester->getDisplay());
            self::assertStringNotContainsString(self::KEY, $tester->getDisplay());
            self::assertStringNotContainsString('a text of a user', $tester->getDisplay());
        }
        unlink($examples);
    }

    private function break(string $fault): void
    {
        if ($fault === 'down') {
            // A port that was free a moment ago and that nothing listens on.
            $probe = stream_socket_server('tcp://127.0.0.1:0');
            \assert($probe !== false);
            $_ENV['UNDERSTUDY_URL'] = $_SERVER['UNDERSTUDY_URL'] = 'http://' . stream_socket_get_name($probe, false);
            fclose($probe);
        } else {
            $this->server->mode($fault);
        }
    }

    private function isToldAsFallback(): bool
    {
        $told = $this->told();
        self::assertCount(1, $told);
        self::assertInstanceOf(DecisionMade::class, $told[0]);
        self::assertTrue($told[0]->decision()->isReview());

        return $told[0]->decision()->isFallback();
    }
}
