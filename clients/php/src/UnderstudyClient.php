<?php

declare(strict_types=1);

namespace Understudy\Client;

use Psr\Http\Client\ClientInterface;
use Symfony\Contracts\HttpClient\HttpClientInterface;
use Understudy\Client\Breaker\ApcuBreakerStorage;
use Understudy\Client\Breaker\CircuitBreaker;
use Understudy\Client\Breaker\InMemoryBreakerStorage;
use Understudy\Client\Http\Call;
use Understudy\Client\Http\Clock;
use Understudy\Client\Http\Predictions;
use Understudy\Client\Http\Sender;
use Understudy\Client\Http\SystemClock;
use Understudy\Client\Http\Transport;
use Understudy\Client\Http\Transports;

/**
 * The client of one workspace.
 *
 *     $understudy = UnderstudyClient::create('https://understudy.example', $apiKey);
 *     $decision = $understudy->predict('comment-moderation', $comment->body);
 */
final class UnderstudyClient implements Understudy
{
    public const VERSION = '0.1.0';

    private readonly Predictions $predictions;

    /** @var array<class-string<Resource\Resource>, Resource\Resource> */
    private array $resources = [];

    private function __construct(private readonly Sender $sender)
    {
        $this->predictions = new Predictions($sender);
    }

    /**
     * A client of one workspace. Nothing is sent yet.
     *
     * @param string      $baseUri `http://…` or `https://…` of the server
     * @param string|null $apiKey  `us_…`; null: only what needs no credential can be asked
     * @param HttpClientInterface|ClientInterface|Transport|null $http null: symfony/http-client's own choice
     *
     * @throws \InvalidArgumentException when address or key cannot be sent at all
     * @throws \LogicException           when no HTTP client is given and symfony/http-client is not installed
     */
    public static function create(
        string $baseUri,
        #[\SensitiveParameter]
        ?string $apiKey,
        ?ClientOptions $options = null,
        HttpClientInterface|ClientInterface|Transport|null $http = null,
        ?Clock $clock = null,
    ): self {
        $parts = parse_url($baseUri);
        $scheme = \is_array($parts) ? $parts['scheme'] ?? '' : '';
        if (!\in_array($scheme, ['http', 'https'], true) || ($parts['host'] ?? '') === '') {
            throw new \InvalidArgumentException('baseUri is http://… or https://…');
        }
        if (isset($parts['user']) || isset($parts['query']) || isset($parts['fragment'])) {
            throw new \InvalidArgumentException('baseUri has no user, query or fragment');
        }
        if ($apiKey !== null && preg_match('/^[\x21-\x7e]+$/D', $apiKey) !== 1) {
            throw new \InvalidArgumentException('apiKey is empty or holds characters that no key has');
        }
        $options ??= new ClientOptions();
        $storage = $options->breakerStorage
            ?? (ApcuBreakerStorage::isAvailable() ? new ApcuBreakerStorage() : new InMemoryBreakerStorage());

        return new self(new Sender(
            Transports::of($http, $options->concurrency),
            $baseUri,
            $apiKey === null ? null : new Secret('Bearer ' . $apiKey),
            $options,
            $clock ?? new SystemClock(),
            new CircuitBreaker($storage, rtrim($baseUri, '/'), $options->breakerThreshold, $options->breakerCooldown),
        ));
    }

    public function predict(string $task, string|array $input, ?PredictOptions $options = null): Decision
    {
        return $this->predictions->later($task, $input, $options)->get();
    }

    public function predictLater(string $task, string|array $input, ?PredictOptions $options = null): PendingDecision
    {
        return $this->predictions->later($task, $input, $options);
    }

    public function predictMany(string $task, iterable $items, ?BatchOptions $options = null): iterable
    {
        return $this->predictions->many($task, $items, $options ?? new BatchOptions());
    }

    public function me(?CallOptions $options = null): Data\Me
    {
        return $this->sender->call(
            new Call('me', 'GET', '/v1/me', $options),
            static fn (Http\Answer $answer): Data\Me => Data\Me::fromArray($answer->json()),
        );
    }

    public function tasks(): Resource\Tasks
    {
        return $this->resource(Resource\Tasks::class);
    }

    public function examples(): Resource\Examples
    {
        return $this->resource(Resource\Examples::class);
    }

    public function datasets(): Resource\Datasets
    {
        return $this->resource(Resource\Datasets::class);
    }

    public function trainingRuns(): Resource\TrainingRuns
    {
        return $this->resource(Resource\TrainingRuns::class);
    }

    public function models(): Resource\Models
    {
        return $this->resource(Resource\Models::class);
    }

    public function certification(): Resource\Certification
    {
        return $this->resource(Resource\Certification::class);
    }

    public function quality(): Resource\Quality
    {
        return $this->resource(Resource\Quality::class);
    }

    public function retraining(): Resource\Retraining
    {
        return $this->resource(Resource\Retraining::class);
    }

    public function decisions(): Resource\Decisions
    {
        return $this->resource(Resource\Decisions::class);
    }

    public function review(): Resource\Review
    {
        return $this->resource(Resource\Review::class);
    }

    public function jobs(): Resource\Jobs
    {
        return $this->resource(Resource\Jobs::class);
    }

    public function deadLetters(): Resource\DeadLetters
    {
        return $this->resource(Resource\DeadLetters::class);
    }

    public function sources(): Resource\Sources
    {
        return $this->resource(Resource\Sources::class);
    }

    public function webhooks(): Resource\Webhooks
    {
        return $this->resource(Resource\Webhooks::class);
    }

    public function events(): Resource\Events
    {
        return $this->resource(Resource\Events::class);
    }

    public function trails(): Resource\Trails
    {
        return $this->resource(Resource\Trails::class);
    }

    public function value(): Resource\Value
    {
        return $this->resource(Resource\Value::class);
    }

    public function ledger(): Resource\Ledger
    {
        return $this->resource(Resource\Ledger::class);
    }

    public function replays(): Resource\Replays
    {
        return $this->resource(Resource\Replays::class);
    }

    public function alerts(): Resource\Alerts
    {
        return $this->resource(Resource\Alerts::class);
    }

    public function keys(): Resource\Keys
    {
        return $this->resource(Resource\Keys::class);
    }

    public function members(): Resource\Members
    {
        return $this->resource(Resource\Members::class);
    }

    public function auditLog(): Resource\AuditLog
    {
        return $this->resource(Resource\AuditLog::class);
    }

    public function workspaces(): Resource\Workspaces
    {
        return $this->resource(Resource\Workspaces::class);
    }

    public function backups(): Resource\Backups
    {
        return $this->resource(Resource\Backups::class);
    }

    public function predictRoutes(): Resource\PredictRoutes
    {
        return $this->resource(Resource\PredictRoutes::class);
    }

    public function openaiSettings(): Resource\OpenaiSettings
    {
        return $this->resource(Resource\OpenaiSettings::class);
    }

    public function session(): Resource\Session
    {
        return $this->resource(Resource\Session::class);
    }

    public function health(): Resource\Health
    {
        return $this->resource(Resource\Health::class);
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['baseUri' => $this->sender->base];
    }

    /**
     * @template T of Resource\Resource
     *
     * @param class-string<T> $class
     *
     * @return T
     */
    private function resource(string $class): Resource\Resource
    {
        $resource = $this->resources[$class] ??= new $class($this->sender);
        \assert($resource instanceof $class);

        return $resource;
    }
}
