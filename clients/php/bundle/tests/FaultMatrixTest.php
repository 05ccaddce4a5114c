<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use Symfony\Bundle\FrameworkBundle\Console\Application;
use Symfony\Bundle\FrameworkBundle\KernelBrowser;
use Symfony\Component\Console\Tester\CommandTester;
use Symfony\Component\HttpKernel\Profiler\Profile;
use Understudy\SymfonyBundle\Messenger\DecisionMade;
use Understudy\SymfonyBundle\Profiler\UnderstudyDataCollector;
use Understudy\SymfonyBundle\Tests\App\Results;

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

        $this->assertTheFailureIsSeen($fault, $browser);
    }

    /** @dataProvider everyFault */
    #[DataProvider('everyFault')]
    public function testTheWebhookTakesDeliveriesAndAHandlerThatAsksIsNotBroken(string $fault): void
    {
        $this->break($fault);
        $browser = $this->browser();
        $browser->disableReboot();
        $browser->enableProfiler();
        $results = self::getContainer()->get(Results::class);
        \assert($results instanceof Results);
        $results->asks = true;
        $id = 'evt_' . bin2hex(random_bytes(8));
        $body = WebhookTest::event($id, 'decision.made', ['id' => 'dec_1', 'outcome' => 'automated', 'label' => 'spam']);
        $browser->request('POST', '/understudy/webhook', [], [], ['CONTENT_TYPE' => 'application/cloudevents+json'] + WebhookTest::signature($id, (string) time(), $body), $body);

        self::assertSame(204, $browser->getResponse()->getStatusCode());
        self::assertCount(1, $this->told());
        $this->assertTheFailureIsSeen($fault, $browser);
    }

    /** @dataProvider everyFault */
    #[DataProvider('everyFault')]
    public function testThePanelShowsTheFailure(string $fault): void
    {
        $this->break($fault);
        $browser = $this->browser();
        $browser->enableProfiler();
        $browser->request('GET', '/predict');
        $call = $this->assertTheFailureIsSeen($fault, $browser);
        $profile = $browser->getProfile();
        \assert($profile instanceof Profile);
        $browser->request('GET', '/_profiler/' . $profile->getToken() . '?panel=understudy');
        $html = (string) $browser->getResponse()->getContent();

        self::assertSame(200, $browser->getResponse()->getStatusCode());
        foreach ([$call['error']['code'], $call['error']['class'], (string) $call['request_id'], 'fallback: a person decides'] as $shown) {
            self::assertStringContainsString($shown, $html);
        }
        self::assertStringNotContainsString(self::KEY, $html);
    }

    /** @dataProvider everyFault */
    #[DataProvider('everyFault')]
    public function testAnExceptionThatNobodyCaughtShowsNoKey(string $fault): void
    {
        $this->break($fault);
        $browser = $this->browser();
        $browser->catchExceptions(true);
        $browser->enableProfiler();
        $browser->request('GET', '/uncaught');
        $page = (string) $browser->getResponse()->getContent();

        // `fallback: throw` is the application's own choice.
        self::assertGreaterThanOrEqual(500, $browser->getResponse()->getStatusCode());
        self::assertStringContainsString('Understudy\\Client\\Exception', html_entity_decode(strip_tags($page)));
        self::assertStringNotContainsString(self::KEY, $page);
        $this->assertTheFailureIsSeen($fault, $browser);
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
        $database = (string) tempnam(sys_get_temp_dir(), 'understudy');
        (new \PDO('sqlite:' . $database))->exec("CREATE TABLE comments (id INTEGER PRIMARY KEY, body TEXT, status TEXT); INSERT INTO comments VALUES (1, 'a text of a user', 'ok')");
        $timeout = ['--timeout' => $fault === 'hang' ? '0.05' : '5'];
        foreach (
            [
            ['understudy:ping', []],
            ['understudy:tasks', []],
            ['understudy:jobs', []],
            ['understudy:predict', ['task' => 'comment-moderation', 'text' => 'a text of a user']],
            ['understudy:import', ['task' => 'comment-moderation', 'file' => $examples] + $timeout],
            ['understudy:export', ['task' => 'comment-moderation', 'table' => 'comments', '--dsn' => 'sqlite:' . $database] + $timeout],
            ] as [$name, $arguments]
        ) {
            $tester = new CommandTester($application->find($name));
            self::assertSame(1, $tester->execute($arguments), "$name: " . $tester->getDisplay());
            self::assertStringContainsString('[ERROR]', $tester->getDisplay());
            self::assertStringNotContainsString(self::KEY, $tester->getDisplay());
            self::assertStringNotContainsString('a text of a user', $tester->getDisplay());
            if (self::FAULTS[$fault]) {
                self::assertMatchesRegularExpression('/request req_of_the_(server|fault)/', $tester->getDisplay(), $name);
            }
        }
        $log = implode("\n", $this->logged());
        foreach (['tasks.list', 'jobs.list', 'predict', 'examples.import'] as $operation) {
            self::assertStringContainsString('"operation":"' . $operation . '"', $log);
        }
        self::assertSame(self::FAULTS[$fault], preg_match('/req_of_the_(server|fault)/', $log) === 1);
        self::assertStringNotContainsString(self::KEY, $log);
        self::assertStringNotContainsString('a text of a user', $log);
        unlink($examples);
        unlink($database);
    }

    /**
     * In the profiler and in the log, with the request id of the server, and without the key or the text.
     *
     * @return array<string, mixed> the call as the profiler has it
     */
    private function assertTheFailureIsSeen(string $fault, KernelBrowser $browser): array
    {
        $profile = $browser->getProfile();
        self::assertInstanceOf(Profile::class, $profile);
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
        self::assertStringNotContainsString(self::KEY, $log . $browser->getResponse()->getContent() . $this->stored($profile));
        self::assertStringNotContainsString('a text of a user', $log . serialize($collector));

        return $failed[0];
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
