import type { UnderstudyClient } from './client.ts';
import type { IdempotentOptions } from './transport.ts';

/** Arguments of a case by their neutral names. `never`: whatever a case gives, the method it names takes. */
export type Arguments = Readonly<
  Record<
    | 'action'
    | 'after'
    | 'alias'
    | 'base'
    | 'batch_size'
    | 'body'
    | 'bucket'
    | 'by'
    | 'change'
    | 'concurrency'
    | 'confidence'
    | 'conflicts'
    | 'create_only'
    | 'cursor'
    | 'dataset'
    | 'decision'
    | 'delivery'
    | 'event'
    | 'events'
    | 'example'
    | 'external_id'
    | 'format'
    | 'from'
    | 'gzip'
    | 'id'
    | 'idempotency_key'
    | 'if_match'
    | 'interval'
    | 'item'
    | 'items'
    | 'kind'
    | 'label'
    | 'last_event_id'
    | 'limit'
    | 'max_error'
    | 'max_retries'
    | 'model'
    | 'model_version'
    | 'new_labels'
    | 'on_invalid'
    | 'open'
    | 'origin'
    | 'outcome'
    | 'provenance'
    | 'resource'
    | 'route'
    | 'rows'
    | 'source'
    | 'state'
    | 'status'
    | 'subject'
    | 'task'
    | 'text'
    | 'timeout_ms'
    | 'to'
    | 'trusted'
    | 'type'
    | 'q'
    | 'version',
    never
  >
>;

type Options = IdempotentOptions & {
  ifMatch?: string;
  createOnly?: boolean;
  lastEventId?: string;
  limit?: number;
  cursor?: string;
};

const OPTIONS = {
  max_retries: 'maxRetries',
  timeout_ms: 'timeoutMs',
  idempotency_key: 'idempotencyKey',
  if_match: 'ifMatch',
  create_only: 'createOnly',
  last_event_id: 'lastEventId',
  limit: 'limit',
  cursor: 'cursor',
} as const satisfies Partial<Record<keyof Arguments, keyof Options>>;

/** Those of the arguments that are options here. */
const o = (a: Arguments): Options =>
  Object.fromEntries(
    Object.entries(OPTIONS).flatMap(([theirs, ours]) => {
      const value = a[theirs as keyof Arguments];
      return value === undefined ? [] : [[ours, value]];
    }),
  );

/** Those of the arguments that a filter has, under their names. */
const only = (a: Arguments, ...names: (keyof Arguments)[]): Record<string, never> =>
  Object.fromEntries(names.flatMap((name) => (a[name] === undefined ? [] : [[name, a[name]]])));

type Calls = Readonly<Record<string, (client: UnderstudyClient, a: Arguments) => unknown>>;

/** Every method of `contracts/conformance/methods.json` as it is called here. */
export const calls: Calls = {
  me: (c, a) => c.me(o(a)),
  'health.live': (c, a) => c.health.live(o(a)),
  'health.ready': (c, a) => c.health.ready(o(a)),
  'health.version': (c, a) => c.health.version(o(a)),
  'health.metrics': (c, a) => c.health.metrics(o(a)),
  'health.openapi': (c, a) => c.health.openapi(o(a)),
  'tasks.put': (c, a) => c.tasks.put(a.task, a.body, o(a)),
  'tasks.get_with_etag': async (c, a) => {
    const { task: value, etag } = await c.tasks.getWithEtag(a.task, o(a));
    return { value, etag };
  },
  'tasks.get': (c, a) => c.tasks.get(a.task, o(a)),
  'tasks.list': (c, a) => c.tasks.list(o(a)),
  'tasks.delete': (c, a) => c.tasks.delete(a.task, o(a)),
  'examples.import': (c, a) =>
    c.examples.import(a.task, a.rows ?? a.text, {
      ...o(a),
      ...only(a, 'format', 'gzip'),
      ...(a.on_invalid === undefined ? {} : { onInvalid: a.on_invalid }),
      ...(a.new_labels === undefined ? {} : { newLabels: a.new_labels }),
    }),
  'examples.list': (c, a) => c.examples.list(a.task, only(a, 'label', 'conflicts', 'source', 'q'), o(a)),
  'examples.stats': (c, a) => c.examples.stats(a.task, o(a)),
  'examples.delete': (c, a) => c.examples.delete(a.task, a.example, o(a)),
  'datasets.create': (c, a) => c.datasets.create(a.task, o(a)),
  'datasets.list': (c, a) => c.datasets.list(a.task, o(a)),
  'datasets.get': (c, a) => c.datasets.get(a.task, a.dataset, o(a)),
  'datasets.data': (c, a) => c.datasets.data(a.task, a.dataset, { ...o(a), ...only(a, 'format', 'provenance') }),
  'datasets.diff': (c, a) =>
    c.datasets.diff(a.task, a.dataset, a.base, { ...o(a), ...only(a, 'change', 'limit', 'cursor') }),
  'training_runs.start': (c, a) => c.trainingRuns.start(a.task, a.body, o(a)),
  'training_runs.list': (c, a) => c.trainingRuns.list(a.task, o(a)),
  'training_runs.get': (c, a) => c.trainingRuns.get(a.id, o(a)),
  'training_runs.cancel': (c, a) => c.trainingRuns.cancel(a.id, o(a)),
  'training_runs.events': (c, a) => c.trainingRuns.events(a.id, o(a)),
  'certification.get': (c, a) => c.certification.get(a.task, o(a)),
  'certification.renew': (c, a) => c.certification.renew(a.task, o(a)),
  'certification.preview': (c, a) =>
    c.certification.preview(a.task, { maxError: a.max_error, confidence: a.confidence }, o(a)),
  'retraining.get': (c, a) => c.retraining.get(a.task, o(a)),
  'models.list': (c, a) => c.models.list(o(a)),
  'models.get': (c, a) => c.models.get(a.model, o(a)),
  'models.versions': (c, a) => c.models.versions(a.model, o(a)),
  'models.version': (c, a) => c.models.version(a.model, a.version, o(a)),
  'models.alias_history': (c, a) => c.models.aliases.history(a.model, o(a)),
  'models.set_alias': (c, a) => {
    const { version, ...reason } = a.body as { version: string; reason?: string };
    return c.models.aliases.set(a.model, a.alias, version, { ...o(a), ...reason });
  },
  'models.remove_alias': (c, a) => c.models.aliases.remove(a.model, a.alias, o(a)),
  predict: (c, a) => c.predict(a.task, a.body, o(a)),
  predict_batch: (c, a) => c.predictBatch(a.task, a.items, o(a)),
  predict_many: async function* (c, a) {
    const options = { batchSize: a.batch_size, concurrency: a.concurrency, ...o(a) };
    for await (const { decision } of c.predictAll(a.task, a.items, options)) yield decision;
  },
  'decisions.list': (c, a) =>
    c.decisions.list(
      only(a, 'task', 'outcome', 'label', 'model_version', 'subject', 'external_id', 'from', 'to'),
      o(a),
    ),
  'decisions.get': (c, a) => c.decisions.get(a.id, o(a)),
  'decisions.label': (c, a) => c.decisions.label(a.id, a.body, o(a)),
  'decisions.label_sources': (c, a) => c.decisions.labelSources(o(a)),
  'jobs.create': (c, a) => c.jobs.create(a.body, o(a)),
  'jobs.list': (c, a) => c.jobs.list(only(a, 'status', 'task'), o(a)),
  'jobs.queues': (c, a) => c.jobs.queues(o(a)),
  'jobs.get': (c, a) => c.jobs.get(a.id, o(a)),
  'jobs.decisions': (c, a) => c.jobs.decisions(a.id, o(a)),
  'jobs.cancel': (c, a) => c.jobs.cancel(a.id, o(a)),
  'jobs.events': (c, a) => c.jobs.events(a.id, o(a)),
  'dead_letters.list': (c, a) => c.deadLetters.list(only(a, 'kind', 'state', 'task', 'origin'), o(a)),
  'dead_letters.get': (c, a) => c.deadLetters.get(a.id, o(a)),
  'dead_letters.replay': (c, a) => c.deadLetters.replay(a.body, o(a)),
  'dead_letters.discard': (c, a) => c.deadLetters.discard(a.id, a.body, o(a)),
  'sources.put': (c, a) => c.sources.put(a.source, a.body, o(a)),
  'sources.get_with_etag': async (c, a) => {
    const { source: value, etag } = await c.sources.getWithEtag(a.source, o(a));
    return { value, etag };
  },
  'sources.get': (c, a) => c.sources.get(a.source, o(a)),
  'sources.list': (c, a) => c.sources.list(o(a)),
  'sources.delete': (c, a) => c.sources.delete(a.source, o(a)),
  'sources.pause': (c, a) => c.sources.pause(a.source, o(a)),
  'sources.resume': (c, a) => c.sources.resume(a.source, o(a)),
  'predict_routes.put': (c, a) => c.predictRoutes.put(a.route, a.body, o(a)),
  'predict_routes.get_with_etag': async (c, a) => {
    const { route: value, etag } = await c.predictRoutes.getWithEtag(a.route, o(a));
    return { value, etag };
  },
  'predict_routes.get': (c, a) => c.predictRoutes.get(a.route, o(a)),
  'predict_routes.list': (c, a) => c.predictRoutes.list(o(a)),
  'predict_routes.delete': (c, a) => c.predictRoutes.delete(a.route, o(a)),
  'openai_settings.get_with_etag': async (c, a) => {
    const { settings: value, etag } = await c.openAiSettings.getWithEtag(o(a));
    return { value, etag };
  },
  'openai_settings.get': (c, a) => c.openAiSettings.get(o(a)),
  'openai_settings.put': (c, a) => c.openAiSettings.put(a.body, o(a)),
  'trails.get': (c, a) => c.trails.get(a.id, o(a)),
  'events.send': (c, a) => c.events.send(a.events, { ...o(a), ...only(a, 'source') }),
  'events.list': (c, a) => {
    const { limit, ...options } = o(a);
    return c.events.list({ ...only(a, 'after'), ...(limit === undefined ? {} : { limit }) }, options);
  },
  'review.queues': (c, a) => c.review.queues(only(a, 'task'), o(a)),
  'review.claim': (c, a) => c.review.claim(a.body, o(a)),
  'review.claims': (c, a) => c.review.claims(o(a)),
  'review.verdict': (c, a) => c.review.verdict(a.item, a.body, o(a)),
  'review.skip': (c, a) => c.review.skip(a.item, a.body, o(a)),
  'review.release': (c, a) => c.review.release(a.item, a.body, o(a)),
  'review.escalate': (c, a) => c.review.escalate(a.item, a.body, o(a)),
  'review.undo': (c, a) => c.review.undo(a.item, a.body, o(a)),
  'review.items': (c, a) => c.review.items(only(a, 'task', 'status', 'kind'), o(a)),
  'review.item': (c, a) => c.review.item(a.item, o(a)),
  'review.explanation': (c, a) => c.review.explanation(a.item, o(a)),
  'review.reviewers': (c, a) => c.review.reviewers(only(a, 'task'), o(a)),
  'review.agreement': (c, a) => c.review.agreement(a.task, o(a)),
  'review.gold': (c, a) => c.review.gold(only(a, 'task'), o(a)),
  'review.add_gold': (c, a) => c.review.addGold(a.body, o(a)),
  'review.remove_gold': (c, a) => c.review.removeGold(a.id, o(a)),
  'quality.task': (c, a) =>
    c.quality.task(a.task, { ...o(a), ...only(a, 'from', 'to', 'by', 'interval', 'confidence') }),
  'quality.overview': (c, a) => c.quality.overview({ ...o(a), ...only(a, 'from', 'to', 'bucket', 'interval') }),
  'alerts.list': (c, a) => c.alerts.list({ ...o(a), ...only(a, 'task', 'open') }),
  'alerts.get': (c, a) => c.alerts.get(a.id, o(a)),
  'alerts.acknowledge': (c, a) => c.alerts.acknowledge(a.id, (a.body as { note?: string }).note, o(a)),
  'value.report': (c, a) => c.value.report({ ...o(a), ...only(a, 'task', 'from', 'to', 'bucket') }),
  'value.csv': (c, a) => c.value.csv({ ...o(a), ...only(a, 'task', 'from', 'to', 'bucket') }),
  'value.page': (c, a) => c.value.page({ ...o(a), ...only(a, 'task', 'from', 'to', 'bucket') }),
  'value.export': (c, a) => c.value.export({ ...o(a), ...only(a, 'task', 'from', 'to', 'bucket') }),
  'replays.start': (c, a) => c.replays.start(a.task, a.body, o(a)),
  'replays.list': (c, a) => c.replays.list(a.task, o(a)),
  'replays.get': (c, a) => c.replays.get(a.id, o(a)),
  'replays.cancel': (c, a) => c.replays.cancel(a.id, o(a)),
  'ledger.head': (c, a) => c.ledger.head(o(a)),
  'ledger.proof': (c, a) => c.ledger.proof(a.decision, o(a)),
  'ledger.consistency': (c, a) => c.ledger.consistency(a.from, a.to, o(a)),
  'ledger.export': (c, a) => c.ledger.export(o(a)),
  'ledger.verify': (c, a) => c.ledger.verify({ ...o(a), ...only(a, 'trusted') }),
  'webhooks.list': (c, a) => c.webhooks.list(o(a)),
  'webhooks.get': (c, a) => c.webhooks.get(a.id, o(a)),
  'webhooks.create': (c, a) => c.webhooks.create(a.body, o(a)),
  'webhooks.change': (c, a) => c.webhooks.change(a.id, a.body, o(a)),
  'webhooks.remove': (c, a) => c.webhooks.remove(a.id, o(a)),
  'webhooks.rotate_secret': (c, a) => c.webhooks.rotateSecret(a.id, o(a)),
  'webhooks.enable': (c, a) => c.webhooks.enable(a.id, o(a)),
  'webhooks.disable': (c, a) => c.webhooks.disable(a.id, o(a)),
  'webhooks.test': (c, a) => c.webhooks.test(a.id, o(a)),
  'webhooks.deliveries': (c, a) => c.webhooks.deliveries(a.id, only(a, 'status', 'type', 'event', 'subject'), o(a)),
  'webhooks.delivery': (c, a) => c.webhooks.delivery(a.id, a.delivery, o(a)),
  'webhooks.redeliver': (c, a) => c.webhooks.redeliver(a.id, a.delivery, o(a)),
  'webhooks.rotate_callback_secret': (c, a) => c.webhooks.rotateCallbackSecret(o(a)),
  'webhooks.callback_deliveries': (c, a) =>
    c.webhooks.deliveries(null, only(a, 'status', 'type', 'event', 'subject'), o(a)),
  'webhooks.callback_delivery': (c, a) => c.webhooks.delivery(null, a.delivery, o(a)),
  'webhooks.redeliver_callback': (c, a) => c.webhooks.redeliver(null, a.delivery, o(a)),
  'keys.list': (c, a) => c.keys.list(o(a)),
  'keys.create': (c, a) => c.keys.create(a.body, o(a)),
  'keys.revoke': (c, a) => c.keys.revoke(a.id, o(a)),
  'members.list': (c, a) => c.members.list(o(a)),
  'members.get': (c, a) => c.members.get(a.id, o(a)),
  'members.add': (c, a) => c.members.add(a.body, o(a)),
  'members.change': (c, a) => c.members.change(a.id, a.body, o(a)),
  'members.remove': (c, a) => c.members.remove(a.id, o(a)),
  'members.sign_in_code': (c, a) => c.members.signInCode(a.id, o(a)),
  'session.create': (c, a) => c.session.create(a.body, o(a)),
  'session.get': (c, a) => c.session.get(o(a)),
  'session.end': (c, a) => c.session.end(o(a)),
  'session.sign_in_code': (c, a) => c.session.signInCode(o(a)),
  'session.switch': (c, a) => c.session.switch((a.body as { workspace: string }).workspace, o(a)),
  'session.workspaces': (c, a) => c.session.workspaces(o(a)),
  'workspaces.list': (c, a) => c.workspaces.list(o(a)),
  'workspaces.create': (c, a) => c.workspaces.create(a.body, o(a)),
  'workspaces.quota': (c, a) => c.workspaces.quota(a.id, o(a)),
  'workspaces.set_quota': (c, a) => c.workspaces.setQuota(a.id, a.body, o(a)),
  'audit_log.list': (c, a) => c.auditLog.list(only(a, 'action', 'resource', 'from', 'to'), o(a)),
  'backups.download': (c, a) => c.backups.download(o(a)),
};
