<?php

declare(strict_types=1);

namespace Understudy\Client;

/** What applications type-hint: predictions first, then every resource of the API. */
interface Understudy
{
    /**
     * One decision now.
     *
     * @param string                      $task  slug
     * @param string|array<string, mixed> $input text or the input object
     *
     * @throws Exception\UnderstudyException unless the fallback is `review`
     */
    public function predict(string $task, string|array $input, ?PredictOptions $options = null): Decision;

    /**
     * The same, lazily: the request is on its way, get() waits. Several run side by side.
     *
     * @param string                      $task  slug
     * @param string|array<string, mixed> $input text or the input object
     */
    public function predictLater(string $task, string|array $input, ?PredictOptions $options = null): PendingDecision;

    /**
     * Any number of items in batches, several on the wire at once; keys and order are kept, memory is bounded.
     *
     * @template TKey
     *
     * @param string                                             $task  slug
     * @param iterable<TKey, string|array<string, mixed>|Item> $items text, the input object, or an Item
     *
     * @return iterable<TKey, Decision>
     *
     * @throws Exception\UnderstudyException while it is iterated, unless the fallback is `review`
     */
    public function predictMany(string $task, iterable $items, ?BatchOptions $options = null): iterable;

    /** The workspace, principal and scopes of the credential. */
    public function me(?CallOptions $options = null): Data\Me;

    public function tasks(): Resource\Tasks;

    public function examples(): Resource\Examples;

    public function datasets(): Resource\Datasets;

    public function trainingRuns(): Resource\TrainingRuns;

    public function models(): Resource\Models;

    public function certification(): Resource\Certification;

    public function quality(): Resource\Quality;

    public function retraining(): Resource\Retraining;

    public function decisions(): Resource\Decisions;

    public function review(): Resource\Review;

    public function jobs(): Resource\Jobs;

    public function deadLetters(): Resource\DeadLetters;

    public function sources(): Resource\Sources;

    public function webhooks(): Resource\Webhooks;

    public function events(): Resource\Events;

    public function trails(): Resource\Trails;

    public function value(): Resource\Value;

    public function ledger(): Resource\Ledger;

    public function replays(): Resource\Replays;

    public function alerts(): Resource\Alerts;

    public function keys(): Resource\Keys;

    public function members(): Resource\Members;

    public function auditLog(): Resource\AuditLog;

    /** Operators only. */
    public function workspaces(): Resource\Workspaces;

    /** Operators only. */
    public function backups(): Resource\Backups;

    public function predictRoutes(): Resource\PredictRoutes;

    public function openaiSettings(): Resource\OpenaiSettings;

    /** Of a person, for tools that act in their name. */
    public function session(): Resource\Session;

    public function health(): Resource\Health;
}
