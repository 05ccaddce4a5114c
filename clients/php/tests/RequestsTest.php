<?php

declare(strict_types=1);

namespace Understudy\Client\Tests;

use PHPUnit\Framework\TestCase;
use Understudy\Client\Request\ApiKeyRequest;
use Understudy\Client\Request\CloudEvent;
use Understudy\Client\Request\DecisionFilter;
use Understudy\Client\Request\ExampleRequest;
use Understudy\Client\Request\JobInput;
use Understudy\Client\Request\JobItem;
use Understudy\Client\Request\JobRequest;
use Understudy\Client\Request\Leave;
use Understudy\Client\Request\Request;
use Understudy\Client\Request\TaskDefinition;
use Understudy\Client\Request\TaskErrorBudget;
use Understudy\Client\Request\TaskLabel;
use Understudy\Client\Request\TrainingRunRequest;
use Understudy\Client\Request\WebhookChange;
use Understudy\Client\Testing\FakeReply;
use Understudy\Client\Testing\FakeUnderstudy;

/** Typed requests send what an array with the API's names sends. */
final class RequestsTest extends TestCase
{
    public function testATaskIsTheSameEitherWay(): void
    {
        $fake = (new FakeUnderstudy())->onRequest('PUT', '/v1/tasks/spam', ['id' => 'tsk_1', 'task' => 'spam']);
        $fake->tasks()->put('spam', new TaskDefinition(
            labels: [new TaskLabel('ok'), new TaskLabel('spam', description: 'Advertising'), ['name' => 'toxic']],
            title: 'Comments',
            errorBudget: new TaskErrorBudget(maxError: 0.02, confidence: 0.95),
            retentionDays: 90,
        ));
        $fake->tasks()->put('spam', [
            'labels' => [['name' => 'ok'], ['name' => 'spam', 'description' => 'Advertising'], ['name' => 'toxic']],
            'kind' => 'text_classification',
            'title' => 'Comments',
            'error_budget' => ['max_error' => 0.02, 'confidence' => 0.95],
            'retention_days' => 90,
        ]);
        [$typed, $array] = $fake->requests();
        self::assertSame($array->json(), $typed->json());
    }

    public function testNullIsSentWhereItEmptiesAField(): void
    {
        self::assertSame([], (new WebhookChange())->toArray());
        self::assertSame('{}', json_encode(new WebhookChange()));
        self::assertSame(
            ['url' => 'https://a.test', 'task' => null],
            (new WebhookChange(url: 'https://a.test', task: null))->toArray(),
        );
        self::assertSame(['task' => 'spam'], (new WebhookChange(task: 'spam', description: Leave::Out))->toArray());
    }

    public function testTimesAndEmptyObjects(): void
    {
        $at = new \DateTimeImmutable('2026-03-01T10:00:00.5+02:00');
        self::assertSame(
            ['task' => 'spam', 'input' => ['text' => 'a'], 'not_before' => '2026-03-01T08:00:00.500Z'],
            json_decode((string) json_encode(new JobRequest('spam', input: new JobInput('a'), notBefore: $at)), true),
        );
        self::assertSame('{"parameters":{}}', json_encode(new TrainingRunRequest(parameters: [])));
        self::assertSame(
            '{"task":"spam","items":[{"input":{"text":"a"}},{"input":{"text":"b"}}]}',
            json_encode(new JobRequest('spam', items: [new JobItem(['text' => 'a']), ['input' => ['text' => 'b']]])),
        );
        $key = new ApiKeyRequest('ci', ['predict:write'], expiresAt: $at);
        self::assertSame('2026-03-01T08:00:00.500Z', $key->toArray()['expires_at']);
    }

    public function testFiltersAreQueries(): void
    {
        $fake = (new FakeUnderstudy())->onRequest('GET', '/v1/decisions', ['data' => [], 'next_cursor' => null]);
        $from = new \DateTimeImmutable('2026-03-01T00:00:00Z');
        iterator_to_array($fake->decisions()->list(new DecisionFilter(task: 'spam', outcome: 'review', from: $from)));
        $filter = ['task' => 'spam', 'outcome' => 'review', 'from' => '2026-03-01T00:00:00.000Z'];
        iterator_to_array($fake->decisions()->list($filter));
        [$typed, $array] = $fake->requests();
        self::assertSame($array->query, $typed->query);
        self::assertSame('spam', $typed->query['task']);
        $this->expectException(\InvalidArgumentException::class);
        $this->expectExceptionMessage('task of a filter');
        $fake->decisions()->list(['task' => ['spam']]);
    }

    public function testRowsOfAnImportMayBeTyped(): void
    {
        $fake = (new FakeUnderstudy())->onRequest('POST', '/v1/tasks/spam/examples', FakeReply::json(['accepted' => 2]));
        $fake->examples()->import('spam', [
            new ExampleRequest(input: ['text' => 'Buy!'], label: 'spam', externalId: 'c-1'),
            ['input' => ['text' => 'Hello'], 'label' => 'ok'],
        ]);
        self::assertSame(
            ['{"input":{"text":"Buy!"},"label":"spam","external_id":"c-1"}', '{"input":{"text":"Hello"},"label":"ok"}'],
            explode("\n", trim((string) $fake->requests()[0]->body)),
        );
    }

    public function testCloudEvents(): void
    {
        $fake = (new FakeUnderstudy())->onRequest('POST', '/v1/events', ['data' => []]);
        $fake->events()->send([
            new CloudEvent('1', '/forum', 'comment.created', ['body' => 'Hi']),
            ['id' => '2', 'source' => '/forum', 'type' => 'comment.created', 'data' => null],
        ]);
        $sent = json_decode((string) $fake->requests()[0]->body, true);
        self::assertSame(['body' => 'Hi'], $sent[0]['data']);
        self::assertSame(['1.0', '1', '/forum'], [$sent[0]['specversion'], $sent[0]['id'], $sent[0]['source']]);
        self::assertSame(['1.0', '2'], [$sent[1]['specversion'], $sent[1]['id']]);
    }

    public function testEveryRequestNamesAllOfItsArguments(): void
    {
        $seen = 0;
        foreach (glob(\dirname(__DIR__) . '/src/Request/*.php') ?: [] as $file) {
            $class = new \ReflectionClass('Understudy\\Client\\Request\\' . basename($file, '.php'));
            if (!$class->isSubclassOf(Request::class)) {
                continue;
            }
            $arguments = array_column($class->getConstructor()?->getParameters() ?? [], 'name');
            self::assertEqualsCanonicalizing($arguments, array_keys($class->getConstant('FIELDS')), $class->name);
            ++$seen;
        }
        self::assertGreaterThan(50, $seen);
    }
}
