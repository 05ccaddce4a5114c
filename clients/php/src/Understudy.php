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

    /**
     * The workspace, principal and scopes of the credential.
     *
     * @throws Exception\UnderstudyException
     */
    public function me(?CallOptions $options = null): Data\Me;

    /** Tasks: what is decided, with which labels, and how much error it may have. */
    public function tasks(): Resource\Tasks;

    /** Labelled examples: what the task learns from. */
    public function examples(): Resource\Examples;

    /** Immutable, content-addressed versions of a task's examples. */
    public function datasets(): Resource\Datasets;

    /** Training of models. */
    public function trainingRuns(): Resource\TrainingRuns;

    /** Models, their versions, and the aliases that say which one answers. */
    public function models(): Resource\Models;

    /** Whether a task may be automated, from which confidence on, and how that is known. */
    public function certification(): Resource\Certification;

    /** Audited error and agreement, of a task and of all. */
    public function quality(): Resource\Quality;

    /** When a task trains again by itself. */
    public function retraining(): Resource\Retraining;

    /** Decisions that were made, and the labels that people and applications gave them later. */
    public function decisions(): Resource\Decisions;

    /** What people decide. */
    public function review(): Resource\Review;

    /** Decisions that do not have to be made at once. */
    public function jobs(): Resource\Jobs;

    /** What could not be done, kept until somebody replays or discards it. */
    public function deadLetters(): Resource\DeadLetters;

    /** Items taken from the application's own broker. */
    public function sources(): Resource\Sources;

    /** Webhooks, their deliveries and secrets. */
    public function webhooks(): Resource\Webhooks;

    /** The workspace's event log, and items sent to a source as CloudEvents. */
    public function events(): Resource\Events;

    /** The way of an item through everything it passed. */
    public function trails(): Resource\Trails;

    /** What the automation is worth, with its evidence. */
    public function value(): Resource\Value;

    /** The log that nobody can change unseen. */
    public function ledger(): Resource\Ledger;

    /** What another threshold or version would have decided. */
    public function replays(): Resource\Replays;

    /** What the watch over quality found. */
    public function alerts(): Resource\Alerts;

    /** API keys. */
    public function keys(): Resource\Keys;

    /** People of the workspace. */
    public function members(): Resource\Members;

    /** Who did what. */
    public function auditLog(): Resource\AuditLog;

    /** Operators only. */
    public function workspaces(): Resource\Workspaces;

    /** Operators only. */
    public function backups(): Resource\Backups;

    /** Routes that answer in the shape of another service, by template. */
    public function predictRoutes(): Resource\PredictRoutes;

    /** How the OpenAI-compatible door answers. */
    public function openaiSettings(): Resource\OpenaiSettings;

    /** Of a person, for tools that act in their name. */
    public function session(): Resource\Session;

    /** How the server does. Asked also while the breaker is open, and not repeated unless the options say so. */
    public function health(): Resource\Health;
}
