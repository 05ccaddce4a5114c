<?php

declare(strict_types=1);

namespace Understudy\Client\Tests\Conformance;

use Understudy\Client\BatchOptions;
use Understudy\Client\CallOptions;
use Understudy\Client\ImportOptions;
use Understudy\Client\Item;
use Understudy\Client\PageOptions;
use Understudy\Client\PredictOptions;
use Understudy\Client\Understudy;

/** The neutral names of contracts/conformance/methods.json as calls of this client. */
final class Methods
{
    private readonly CallOptions $options;

    private readonly PageOptions $page;

    /** @param array<string, mixed> $arguments objects within are stdClass, so that `{}` stays `{}` */
    public function __construct(private readonly Understudy $client, private array $arguments)
    {
        $this->options = new CallOptions(
            timeout: isset($arguments['timeout_ms']) ? $arguments['timeout_ms'] / 1000 : null,
            maxRetries: $arguments['max_retries'] ?? null,
            idempotencyKey: $arguments['idempotency_key'] ?? null,
        );
        $this->page = new PageOptions($arguments['limit'] ?? null, $arguments['cursor'] ?? null, $this->options);
        foreach (['timeout_ms', 'max_retries', 'idempotency_key'] as $name) {
            unset($this->arguments[$name]);
        }
    }

    public function call(string $method): mixed
    {
        $client = $this->client;
        $a = $this->arguments;
        $body = (array) ($a['body'] ?? []);
        $o = $this->options;
        $p = $this->page;
        $ifMatch = $a['if_match'] ?? null;
        $createOnly = $a['create_only'] ?? false;

        return match ($method) {
            'me' => $client->me($o),
            'health.live' => $client->health()->live($o),
            'health.ready' => $client->health()->ready($o),
            'health.version' => $client->health()->version($o),
            'health.metrics' => $client->health()->metrics($o),
            'health.openapi' => $client->health()->openapi($o),
            'tasks.put' => $client->tasks()->put($a['task'], $body, $ifMatch, $createOnly, $o),
            'tasks.get_with_etag' => $client->tasks()->getWithEtag($a['task'], $o),
            'tasks.get' => $client->tasks()->get($a['task'], $o),
            'tasks.list' => $client->tasks()->list($p),
            'tasks.delete' => $client->tasks()->delete($a['task'], $ifMatch, $o),
            'examples.import' => $client->examples()->import($a['task'], $a['rows'] ?? $a['text'], new ImportOptions(
                $a['format'] ?? 'ndjson',
                $a['on_invalid'] ?? 'reject',
                $a['new_labels'] ?? 'reject',
                $a['gzip'] ?? false,
                null,
                $o,
            )),
            'examples.list' => $client->examples()->list($a['task'], $this->filter('task'), $p),
            'examples.stats' => $client->examples()->stats($a['task'], $o),
            'examples.delete' => $client->examples()->delete($a['task'], $a['example'], $o),
            'datasets.create' => $client->datasets()->create($a['task'], $o),
            'datasets.list' => $client->datasets()->list($a['task'], $p),
            'datasets.get' => $client->datasets()->get($a['task'], $a['dataset'], $o),
            'datasets.data' => $client->datasets()->data(
                $a['task'],
                $a['dataset'],
                $a['format'] ?? 'parquet',
                ($a['provenance'] ?? '') === 'include',
                $o,
            ),
            'datasets.diff' => $client->datasets()->diff($a['task'], $a['dataset'], $a['base'], $a['change'] ?? null, $p),
            'training_runs.start' => $client->trainingRuns()->start($a['task'], $body, $o),
            'training_runs.list' => $client->trainingRuns()->list($a['task'], $p),
            'training_runs.get' => $client->trainingRuns()->get($a['id'], $o),
            'training_runs.cancel' => $client->trainingRuns()->cancel($a['id'], $o),
            'training_runs.events' => $client->trainingRuns()->events($a['id'], $a['last_event_id'] ?? null, $o),
            'certification.get' => $client->certification()->get($a['task'], $o),
            'certification.renew' => $client->certification()->renew($a['task'], $o),
            'certification.preview' => $client->certification()->preview(
                $a['task'],
                $a['max_error'] ?? null,
                $a['confidence'] ?? null,
                $o,
            ),
            'retraining.get' => $client->retraining()->get($a['task'], $o),
            'models.list' => $client->models()->list($p),
            'models.get' => $client->models()->get($a['model'], $o),
            'models.versions' => $client->models()->versions($a['model'], $p),
            'models.version' => $client->models()->version($a['model'], $a['version'], $o),
            'models.alias_history' => $client->models()->aliasHistory($a['model'], $o),
            'models.set_alias' => $client->models()->setAlias(
                $a['model'],
                $a['alias'],
                $body['version'],
                $body['reason'] ?? null,
                $o,
            ),
            'models.remove_alias' => $client->models()->removeAlias($a['model'], $a['alias'], $o),
            'predict' => $client->predict($a['task'], $this->input($body['input']), new PredictOptions(
                $body['subject'] ?? null,
                $body['external_id'] ?? null,
                isset($body['attributes']) ? (array) $body['attributes'] : null,
                $body['explain'] ?? false,
                null,
                $o,
            )),
            'predict_batch', 'predict_many' => $client->predictMany(
                $a['task'],
                array_map($this->item(...), $a['items']),
                new BatchOptions($a['batch_size'] ?? 1000, $a['concurrency'] ?? null, call: $o),
            ),
            'decisions.list' => $client->decisions()->list($this->filter(), $p),
            'decisions.get' => $client->decisions()->get($a['id'], $o),
            'decisions.label' => $client->decisions()->label(
                $a['id'],
                $body['label'],
                $body['source'],
                $body['note'] ?? null,
                $body['person'] ?? null,
                $o,
            ),
            'decisions.label_sources' => $client->decisions()->labelSources($o),
            'jobs.create' => $client->jobs()->create($body, $o),
            'jobs.list' => $client->jobs()->list($this->filter(), $p),
            'jobs.queues' => $client->jobs()->queues($o),
            'jobs.get' => $client->jobs()->get($a['id'], $a['limit'] ?? null, $a['cursor'] ?? null, $o),
            'jobs.decisions' => $client->jobs()->decisions($a['id'], $p),
            'jobs.cancel' => $client->jobs()->cancel($a['id'], $o),
            'jobs.events' => $client->jobs()->events($a['id'], $a['last_event_id'] ?? null, $o),
            'dead_letters.list' => $client->deadLetters()->list($this->filter(), $p),
            'dead_letters.get' => $client->deadLetters()->get($a['id'], $o),
            'dead_letters.replay' => $client->deadLetters()->replay($body, $o),
            'dead_letters.discard' => $client->deadLetters()->discard($a['id'], $body['reason'] ?? null, $o),
            'sources.put' => $client->sources()->put($a['source'], $body, $ifMatch, $createOnly, $o),
            'sources.get_with_etag' => $client->sources()->getWithEtag($a['source'], $o),
            'sources.get' => $client->sources()->get($a['source'], $o),
            'sources.list' => $client->sources()->list($p),
            'sources.delete' => $client->sources()->delete($a['source'], $ifMatch, $o),
            'sources.pause' => $client->sources()->pause($a['source'], $o),
            'sources.resume' => $client->sources()->resume($a['source'], $o),
            'trails.get' => $client->trails()->get($a['id'], $o),
            'events.send' => $client->events()->send(
                array_map(static fn (object $event): array => (array) $event, $a['events']),
                $a['source'] ?? null,
                $o,
            ),
            'events.list' => $client->events()->list($a['after'] ?? null, $a['limit'] ?? null, $o),
            'review.queues' => $client->review()->queues($a['task'] ?? null, $o),
            'review.claim' => $client->review()->claim($body, $o),
            'review.claims' => $client->review()->claims($o),
            'review.verdict' => $client->review()->verdict($a['item'], $body, $o),
            'review.skip' => $client->review()->skip($a['item'], $body, $o),
            'review.release' => $client->review()->release($a['item'], $body, $o),
            'review.escalate' => $client->review()->escalate($a['item'], $body, $o),
            'review.undo' => $client->review()->undo($a['item'], $body, $o),
            'review.items' => $client->review()->items($this->filter(), $p),
            'review.item' => $client->review()->item($a['item'], $o),
            'review.explanation' => $client->review()->explanation($a['item'], $o),
            'review.reviewers' => $client->review()->reviewers($a['task'] ?? null, $o),
            'review.agreement' => $client->review()->agreement($a['task'], $o),
            'review.gold' => $client->review()->gold($this->filter(), $p),
            'review.add_gold' => $client->review()->addGold($body, $o),
            'review.remove_gold' => $client->review()->removeGold($a['id'], $o),
            'quality.task' => $client->quality()->task($a['task'], $this->filter('task'), $o),
            'quality.overview' => $client->quality()->overview($this->filter(), $o),
            'alerts.list' => $client->alerts()->list($this->filter(), $p),
            'alerts.get' => $client->alerts()->get($a['id'], $o),
            'alerts.acknowledge' => $client->alerts()->acknowledge($a['id'], $body['note'] ?? null, $o),
            'value.report' => $client->value()->report($this->filter(), $o),
            'value.csv' => $client->value()->csv($this->filter(), $o),
            'value.page' => $client->value()->page($this->filter(), $o),
            'value.export' => $client->value()->export($this->filter(), $o),
            'replays.start' => $client->replays()->start($a['task'], $body, $o),
            'replays.list' => $client->replays()->list($a['task'], $p),
            'replays.get' => $client->replays()->get($a['id'], $o),
            'replays.cancel' => $client->replays()->cancel($a['id'], $o),
            'ledger.head' => $client->ledger()->head($o),
            'ledger.proof' => $client->ledger()->proof($a['decision'], $o),
            'ledger.consistency' => $client->ledger()->consistency($a['from'], $a['to'] ?? null, $o),
            'ledger.export' => $client->ledger()->export($o),
            'ledger.verify' => $client->ledger()->verify(
                isset($a['trusted']) ? (array) $a['trusted'] : null,
                null,
                $o,
            ),
            'webhooks.list' => $client->webhooks()->list($p),
            'webhooks.get' => $client->webhooks()->get($a['id'], $o),
            'webhooks.create' => $client->webhooks()->create($body, $o),
            'webhooks.change' => $client->webhooks()->change($a['id'], $body, $ifMatch, $o),
            'webhooks.remove' => $client->webhooks()->remove($a['id'], $ifMatch, $o),
            'webhooks.rotate_secret' => $client->webhooks()->rotateSecret($a['id'], $o),
            'webhooks.enable' => $client->webhooks()->enable($a['id'], $o),
            'webhooks.disable' => $client->webhooks()->disable($a['id'], $o),
            'webhooks.test' => $client->webhooks()->test($a['id'], $o),
            'webhooks.deliveries' => $client->webhooks()->deliveries($a['id'], $this->filter('id'), $p),
            'webhooks.delivery' => $client->webhooks()->delivery($a['id'], $a['delivery'], $o),
            'webhooks.redeliver' => $client->webhooks()->redeliver($a['id'], $a['delivery'], $o),
            'webhooks.rotate_callback_secret' => $client->webhooks()->rotateCallbackSecret($o),
            'webhooks.callback_deliveries' => $client->webhooks()->callbackDeliveries($this->filter(), $p),
            'webhooks.callback_delivery' => $client->webhooks()->callbackDelivery($a['delivery'], $o),
            'webhooks.redeliver_callback' => $client->webhooks()->redeliverCallback($a['delivery'], $o),
            'keys.list' => $client->keys()->list($p),
            'keys.create' => $client->keys()->create($body, $o),
            'keys.revoke' => $client->keys()->revoke($a['id'], $o),
            'members.list' => $client->members()->list($p),
            'members.get' => $client->members()->get($a['id'], $o),
            'members.add' => $client->members()->add($body, $o),
            'members.change' => $client->members()->change($a['id'], $body, $ifMatch, $o),
            'members.remove' => $client->members()->remove($a['id'], $ifMatch, $o),
            'members.sign_in_code' => $client->members()->signInCode($a['id'], $o),
            'session.create' => $client->session()->create($body, $o),
            'session.get' => $client->session()->get($o),
            'session.end' => $client->session()->end($o),
            'session.sign_in_code' => $client->session()->signInCode($o),
            'session.switch' => $client->session()->switch($body['workspace'], $o),
            'session.workspaces' => $client->session()->workspaces($o),
            'workspaces.list' => $client->workspaces()->list($p),
            'workspaces.create' => $client->workspaces()->create($body, $o),
            'workspaces.quota' => $client->workspaces()->quota($a['id'], $o),
            'workspaces.set_quota' => $client->workspaces()->setQuota($a['id'], $body, $o),
            'predict_routes.put' => $client->predictRoutes()->put($a['route'], $body, $ifMatch, $createOnly, $o),
            'predict_routes.get_with_etag' => $client->predictRoutes()->getWithEtag($a['route'], $o),
            'predict_routes.get' => $client->predictRoutes()->get($a['route'], $o),
            'predict_routes.list' => $client->predictRoutes()->list($p),
            'predict_routes.delete' => $client->predictRoutes()->delete($a['route'], $ifMatch, $o),
            'openai_settings.get_with_etag' => $client->openaiSettings()->getWithEtag($o),
            'openai_settings.get' => $client->openaiSettings()->get($o),
            'openai_settings.put' => $client->openaiSettings()->put($body, $ifMatch, $o),
            'audit_log.list' => $client->auditLog()->list($this->filter(), $p),
            'backups.download' => $client->backups()->download($o),
            default => throw new \BadMethodCallException('this client has no ' . $method),
        };
    }

    /** @return array<string, mixed> what is left when paging and these are taken away */
    private function filter(string ...$taken): array
    {
        return array_diff_key($this->arguments, array_flip([...$taken, 'limit', 'cursor']));
    }

    private function input(mixed $input): string|array
    {
        $input = (array) $input;

        return array_keys($input) === ['text'] && \is_string($input['text']) ? $input['text'] : $input;
    }

    private function item(object $item): Item
    {
        return new Item(
            $this->input($item->input),
            $item->subject ?? null,
            $item->external_id ?? null,
            isset($item->attributes) ? (array) $item->attributes : null,
        );
    }
}
