<?php

declare(strict_types=1);

namespace Understudy\Client\Testing;

use Understudy\Client\BatchOptions;
use Understudy\Client\CallOptions;
use Understudy\Client\ClientOptions;
use Understudy\Client\Data;
use Understudy\Client\Decision;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Reply;
use Understudy\Client\Internal\Read;
use Understudy\Client\PendingDecision;
use Understudy\Client\PredictOptions;
use Understudy\Client\Resource;
use Understudy\Client\Understudy;
use Understudy\Client\UnderstudyClient;

/**
 * For the application's own tests: the real client, no server. A task that was told nothing answers `review`, as a task
 * without a model does.
 *
 *     $understudy = new FakeUnderstudy();
 *     $understudy->willDecide('comment-moderation', 'spam');
 */
final class FakeUnderstudy implements Understudy
{
    private readonly UnderstudyClient $client;

    private readonly FakeTransport $transport;

    /** @var array<string, \Closure(RecordedPrediction): array<string, mixed>> */
    private array $answers = [];

    /** @var array<string, UnderstudyException|Reply> by task; '' for all */
    private array $failures = [];

    /** @var array<string, \Closure(RecordedRequest): (Reply|UnderstudyException)> by method and path */
    private array $routes = [];

    /** @var list<RecordedPrediction> */
    private array $predictions = [];

    private int $decided = 0;

    /** @param ClientOptions|null $options e.g. the fallback that the application uses; repeats take no time */
    public function __construct(?ClientOptions $options = null)
    {
        $this->transport = new FakeTransport($this->answer(...));
        $this->client = UnderstudyClient::create(
            'http://understudy.test',
            'us_fake',
            $options,
            $this->transport,
            new FakeClock(),
        );
    }

    /** The task answers this label, automated, to every item from now on. */
    public function willDecide(string $task, string $label, float $confidence = 0.99): self
    {
        return $this->willAnswer($task, static fn (): array => [
            'outcome' => 'automated',
            'label' => $label,
            'confidence' => $confidence,
            'threshold' => 0.9,
            'automation' => 'certified',
            'candidates' => [['label' => $label, 'score' => $confidence]],
            'decided_by' => ['rung' => 'own_model', 'model' => $task, 'version' => '1'],
        ]);
    }

    /** The task leaves every item to a person from now on, with or without a suggestion. */
    public function willReview(string $task, ?string $suggestion = null, float $confidence = 0.5): self
    {
        return $this->willAnswer($task, static fn (): array => [
            'outcome' => 'review',
            'label' => null,
            'confidence' => $suggestion === null ? null : $confidence,
            'suggestion' => $suggestion === null ? null : ['label' => $suggestion, 'confidence' => $confidence],
            'review' => ['item' => 'item_fake', 'reason' => $suggestion === null ? 'no_model' : 'below_threshold'],
        ]);
    }

    /**
     * The closure answers: with the fields of a decision as the API has them; id, task and time are put in.
     *
     * @param \Closure(RecordedPrediction): array<string, mixed> $answer
     */
    public function willAnswer(string $task, \Closure $answer): self
    {
        unset($this->failures[$task]);
        $this->answers[$task] = $answer;

        return $this;
    }

    /**
     * Predictions fail from now on, of one task or of all: the server is away, or answers like this.
     *
     * @param UnderstudyException|Reply $failure e.g. ConnectionFailed::local('connection_failed', 'away'), or
     *                                           FakeReply::problem(429, 'rate_limited', retryAfter: 2)
     */
    public function willFail(UnderstudyException|Reply $failure, ?string $task = null): self
    {
        $this->failures[$task ?? ''] = $failure;

        return $this;
    }

    /**
     * What another route of the API answers.
     *
     * @param string                                                       $path   e.g. `/v1/tasks/spam`
     * @param array<mixed>|Reply|\Closure(RecordedRequest): (Reply|UnderstudyException) $answer an array is the JSON body
     */
    public function onRequest(string $method, string $path, array|Reply|\Closure $answer): self
    {
        $this->routes[$method . ' ' . $path] = $answer instanceof \Closure ? $answer
            : static fn (): Reply => \is_array($answer) ? FakeReply::json($answer) : $answer;

        return $this;
    }

    /**
     * What was to be decided so far.
     *
     * @return list<RecordedPrediction> every item that was to be decided, in order; of one task or of all
     */
    public function predictions(?string $task = null): array
    {
        return array_values(array_filter(
            $this->predictions,
            static fn (RecordedPrediction $one): bool => $task === null || $one->task === $task,
        ));
    }

    /**
     * What was sent so far.
     *
     * @return list<RecordedRequest> every request, repeats included
     */
    public function requests(): array
    {
        return $this->transport->requests();
    }

    private function answer(RecordedRequest $request): Reply|UnderstudyException
    {
        $route = $this->routes[$request->method . ' ' . $request->path] ?? null;
        if ($route !== null) {
            return $route($request);
        }
        if ($request->method !== 'POST' || preg_match('~^/v1/predict/([^/]+)(/batch)?$~D', $request->path, $match) !== 1) {
            throw new \LogicException(sprintf(
                'FakeUnderstudy was not told what %s %s answers: use onRequest()',
                $request->method,
                $request->path,
            ));
        }
        $task = $match[1];
        $body = Read::object($request->json());
        $isBatch = isset($match[2]);
        $items = array_map(
            static fn (mixed $item): RecordedPrediction => self::recorded($task, Read::object($item)),
            $isBatch ? Read::list($body['items'] ?? null) : [$body],
        );
        array_push($this->predictions, ...$items);
        $failure = $this->failures[$task] ?? $this->failures[''] ?? null;
        if ($failure !== null) {
            return $failure;
        }
        $decisions = array_map($this->decide(...), $items);

        return FakeReply::json(
            $isBatch ? ['decisions' => $decisions] : $decisions[0],
            200,
            ['x-request-id' => 'req_fake'],
        );
    }

    /** @return array<string, mixed> */
    private function decide(RecordedPrediction $item): array
    {
        $answer = isset($this->answers[$item->task])
            ? ($this->answers[$item->task])($item)
            : ['outcome' => 'review', 'label' => null, 'review' => ['item' => 'item_fake', 'reason' => 'no_model']];

        return $answer + [
            'id' => sprintf('dec_fake_%d', ++$this->decided),
            'task' => $item->task,
            'candidates' => [],
            'external_id' => $item->externalId,
            'created_at' => '2026-01-01T00:00:00.000Z',
            'cost' => ['amount' => '0', 'currency' => 'EUR'],
        ];
    }

    /** @param array<string, mixed> $item */
    private static function recorded(string $task, array $item): RecordedPrediction
    {
        /** @var array<string, string|int|float|bool|null> $attributes */
        $attributes = Read::object($item['attributes'] ?? null);

        return new RecordedPrediction(
            $task,
            Read::object($item['input'] ?? null),
            Read::nullableString($item['subject'] ?? null),
            Read::nullableString($item['external_id'] ?? null),
            $attributes,
            Read::bool($item['explain'] ?? null),
        );
    }

    public function predict(string $task, string|array $input, ?PredictOptions $options = null): Decision
    {
        return $this->client->predict($task, $input, $options);
    }

    public function predictLater(string $task, string|array $input, ?PredictOptions $options = null): PendingDecision
    {
        return $this->client->predictLater($task, $input, $options);
    }

    public function predictMany(string $task, iterable $items, ?BatchOptions $options = null): iterable
    {
        return $this->client->predictMany($task, $items, $options);
    }

    public function me(?CallOptions $options = null): Data\Me
    {
        return $this->client->me($options);
    }

    public function tasks(): Resource\Tasks
    {
        return $this->client->tasks();
    }

    public function examples(): Resource\Examples
    {
        return $this->client->examples();
    }

    public function datasets(): Resource\Datasets
    {
        return $this->client->datasets();
    }

    public function trainingRuns(): Resource\TrainingRuns
    {
        return $this->client->trainingRuns();
    }

    public function models(): Resource\Models
    {
        return $this->client->models();
    }

    public function certification(): Resource\Certification
    {
        return $this->client->certification();
    }

    public function quality(): Resource\Quality
    {
        return $this->client->quality();
    }

    public function retraining(): Resource\Retraining
    {
        return $this->client->retraining();
    }

    public function decisions(): Resource\Decisions
    {
        return $this->client->decisions();
    }

    public function review(): Resource\Review
    {
        return $this->client->review();
    }

    public function jobs(): Resource\Jobs
    {
        return $this->client->jobs();
    }

    public function deadLetters(): Resource\DeadLetters
    {
        return $this->client->deadLetters();
    }

    public function sources(): Resource\Sources
    {
        return $this->client->sources();
    }

    public function webhooks(): Resource\Webhooks
    {
        return $this->client->webhooks();
    }

    public function events(): Resource\Events
    {
        return $this->client->events();
    }

    public function trails(): Resource\Trails
    {
        return $this->client->trails();
    }

    public function value(): Resource\Value
    {
        return $this->client->value();
    }

    public function ledger(): Resource\Ledger
    {
        return $this->client->ledger();
    }

    public function replays(): Resource\Replays
    {
        return $this->client->replays();
    }

    public function alerts(): Resource\Alerts
    {
        return $this->client->alerts();
    }

    public function keys(): Resource\Keys
    {
        return $this->client->keys();
    }

    public function members(): Resource\Members
    {
        return $this->client->members();
    }

    public function auditLog(): Resource\AuditLog
    {
        return $this->client->auditLog();
    }

    public function workspaces(): Resource\Workspaces
    {
        return $this->client->workspaces();
    }

    public function backups(): Resource\Backups
    {
        return $this->client->backups();
    }

    public function predictRoutes(): Resource\PredictRoutes
    {
        return $this->client->predictRoutes();
    }

    public function openaiSettings(): Resource\OpenaiSettings
    {
        return $this->client->openaiSettings();
    }

    public function session(): Resource\Session
    {
        return $this->client->session();
    }

    public function health(): Resource\Health
    {
        return $this->client->health();
    }
}
