<?php

declare(strict_types=1);

namespace Understudy\Laravel\Facades;

use Illuminate\Support\Facades\Facade;
use Understudy\Client\Testing\FakeUnderstudy;
use Understudy\Laravel\Connections;

/**
 * The default connection, and the others by name.
 *
 * @method static \Understudy\Client\Understudy connection(?string $name = null)
 * @method static void set(\Understudy\Client\Understudy $understudy, ?string $name = null)
 * @method static void forget(?string $name = null)
 * @method static list<string> names()
 * @method static string defaultName()
 * @method static string|null link(\Understudy\Client\Decision|string $decision, ?string $name = null)
 * @method static \Understudy\Client\Decision predict(string $task, string|array $input, ?\Understudy\Client\PredictOptions $options = null)
 * @method static \Understudy\Client\PendingDecision predictLater(string $task, string|array $input, ?\Understudy\Client\PredictOptions $options = null)
 * @method static iterable predictMany(string $task, iterable $items, ?\Understudy\Client\BatchOptions $options = null)
 * @method static \Understudy\Client\Data\Me me(?\Understudy\Client\CallOptions $options = null)
 * @method static \Understudy\Client\Resource\Tasks tasks()
 * @method static \Understudy\Client\Resource\Examples examples()
 * @method static \Understudy\Client\Resource\Datasets datasets()
 * @method static \Understudy\Client\Resource\TrainingRuns trainingRuns()
 * @method static \Understudy\Client\Resource\Models models()
 * @method static \Understudy\Client\Resource\Certification certification()
 * @method static \Understudy\Client\Resource\Quality quality()
 * @method static \Understudy\Client\Resource\Retraining retraining()
 * @method static \Understudy\Client\Resource\Decisions decisions()
 * @method static \Understudy\Client\Resource\Review review()
 * @method static \Understudy\Client\Resource\Jobs jobs()
 * @method static \Understudy\Client\Resource\DeadLetters deadLetters()
 * @method static \Understudy\Client\Resource\Sources sources()
 * @method static \Understudy\Client\Resource\Webhooks webhooks()
 * @method static \Understudy\Client\Resource\Events events()
 * @method static \Understudy\Client\Resource\Trails trails()
 * @method static \Understudy\Client\Resource\Value value()
 * @method static \Understudy\Client\Resource\Ledger ledger()
 * @method static \Understudy\Client\Resource\Replays replays()
 * @method static \Understudy\Client\Resource\Alerts alerts()
 * @method static \Understudy\Client\Resource\Keys keys()
 * @method static \Understudy\Client\Resource\Members members()
 * @method static \Understudy\Client\Resource\AuditLog auditLog()
 * @method static \Understudy\Client\Resource\Workspaces workspaces()
 * @method static \Understudy\Client\Resource\Backups backups()
 * @method static \Understudy\Client\Resource\PredictRoutes predictRoutes()
 * @method static \Understudy\Client\Resource\OpenaiSettings openaiSettings()
 * @method static \Understudy\Client\Resource\Session session()
 * @method static \Understudy\Client\Resource\Health health()
 *
 * @see Connections
 */
final class Understudy extends Facade
{
    /**
     * For tests: no server, no key. Tell it before what is tested takes its client.
     *
     *     $fake = Understudy::fake()->willDecide('comment-moderation', 'spam');
     *
     * @param string|null $connection null: one fake in the place of every configured connection
     */
    public static function fake(?string $connection = null): FakeUnderstudy
    {
        $connections = static::getFacadeRoot();
        \assert($connections instanceof Connections);

        return $connections->fake($connection);
    }

    protected static function getFacadeAccessor(): string
    {
        return Connections::class;
    }
}
