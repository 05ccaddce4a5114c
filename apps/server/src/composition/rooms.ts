import { createReadStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenDatabase, openDatabase } from '@understudy/database-postgres';
import {
  Certificates,
  covers,
  Decide,
  type LivePlan,
  LivePlans,
  type PlanSource,
  type ServingVersion,
  Tasks,
} from '@understudy/decisions';
import { PostgresAuditKeys, PostgresCertificateStore, PostgresTaskStore } from '@understudy/decisions/storage';
import { Inference, inferenceErrors } from '@understudy/inference';
import { DeadLetters } from '@understudy/jobs';
import { PostgresDeadLetterStore } from '@understudy/jobs/storage';
import type { Clock, Logger } from '@understudy/kernel';
import { Datasets, Examples, LabelledDecisions, type ObjectStore } from '@understudy/lake';
import {
  ExampleSignatures,
  ParquetDatasetFiles,
  PostgresDatasetStore,
  PostgresExampleStore,
  PostgresLabelledDecisionStore,
} from '@understudy/lake/storage';
import {
  DecisionHistory,
  EventLog,
  echoWatch,
  type FeedConsumer,
  Ledger,
  LedgerEventSink,
  LedgerFeed,
} from '@understudy/ledger';
import { PostgresEchoStore, PostgresFeedCursors, PostgresLedgerStorage } from '@understudy/ledger/storage';
import { FileSpool, FilesystemObjectStore } from '@understudy/objects-filesystem';
import { Registry } from '@understudy/registry';
import { PostgresRegistryStore } from '@understudy/registry/storage';
import { RunPipeline, TrainingRuns, TrainingWorker } from '@understudy/training';
import { PostgresCertificationStore, PostgresRunStore } from '@understudy/training/storage';
import type { Config } from '../config.ts';
import { type Busyness, GatewayPace, type PaceClock } from '../http/load/gateway-pace.ts';
import type { GatewayLoad } from '../http/load-gate.ts';
import { PostgresIdempotencyStore } from '../idempotency/storage/idempotency-store.ts';
import { fenced } from '../leadership/term.ts';
import type { Metrics } from '../observability/metrics.ts';
import { openBuses } from './buses.ts';
import { openCertification, openRenewal } from './certification.ts';
import type { ClosingStep } from './closing.ts';
import { openCompat } from './compat.ts';
import { LedgerOfDecisions } from './decision-ledger.ts';
import { runtimes, tameRuntimes, trainers } from './drivers.ts';
import { examplesFeed } from './examples-feed.ts';
import { openIdentity } from './identity.ts';
import { openJobs } from './jobs.ts';
import { openMonitoring } from './monitoring.ts';
import { openOutgoing } from './outgoing.ts';
import { openRetraining } from './retraining.ts';
import { explainer, openReview } from './review.ts';
import { openReplyTopics, openSources } from './sources.ts';
import { openTrail } from './trail.ts';
import {
  artifactStore,
  datasetsForTraining,
  modelRegistry,
  scorer,
  tasksForTraining,
  trainingThreads,
} from './training-ports.ts';
import { openValue } from './value.ts';
import { openWebhooks } from './webhooks.ts';

export type Rooms = Awaited<ReturnType<typeof openRooms>>;

interface Context {
  config: Config;
  url: string;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/** Builds every room and gives it what it needs from outside. The only place that knows them all. */
export async function openRooms({ config, url, clock, logger, metrics }: Context) {
  const open: OpenDatabase = openDatabase({
    url,
    logger,
    poolSize: config.databasePool,
    applicationName: 'understudy server',
  });
  // What the leader of the schedulers does is fenced; what gathers everybody's rows, and the feed, is nobody's term.
  const { database: plain } = open;
  const database = fenced(plain);
  const work = join(config.dataDir, 'work');
  mkdirSync(work, { recursive: true });
  const objects = await FilesystemObjectStore.open({ directory: join(config.dataDir, 'objects') });

  const identityRoom = await openIdentity({ config, open, clock, logger });
  const { audit } = identityRoom;

  const ledgerStorage = new PostgresLedgerStorage(plain);
  const ledger = new Ledger({ storage: ledgerStorage, clock, logger });
  const eventSink = new LedgerEventSink(ledger, clock);

  const tasks = new Tasks({ store: new PostgresTaskStore(database), audit, clock });
  const certificates = new Certificates({
    database,
    store: new PostgresCertificateStore(),
    audit,
    clock,
    events: eventSink,
  });
  const auditKeys = new PostgresAuditKeys();
  const registry = new Registry({ store: new PostgresRegistryStore(database), audit, clock, events: eventSink });
  const taskRules = {
    async taskFor(workspace: string, slug: string) {
      const task = await tasks.get(workspace, slug);
      const { labels, input } = task.definition;
      const text = { type: 'string' as const, max_length: input.text.max_length ?? 20_000 };
      return { taskId: task.id, labels: labels.map(({ name }) => name), input: { text } };
    },
    async addLabels(...[principal, slug, names, requestId]: Parameters<Tasks['addLabels']>) {
      await tasks.addLabels(principal, slug, names, requestId);
      plans.forget(principal.workspace, slug);
    },
  };
  const exampleStore = new PostgresExampleStore(database);
  const exampleSignatures = new ExampleSignatures(database);
  const examples = new Examples({
    rules: taskRules,
    store: exampleStore,
    spool: await FileSpool.open({ directory: join(work, 'imports') }),
    clock,
  });
  const datasets = new Datasets({
    rules: taskRules,
    examples: exampleStore,
    store: new PostgresDatasetStore(database),
    objects,
    files: await ParquetDatasetFiles.open({ directory: join(work, 'parquet'), logger }),
    clock,
  });

  const inference = new Inference({
    runtimes,
    tame: tameRuntimes,
    hosts: config.modelHosts,
    maxModelBytes: config.modelMemoryBytes,
    timeoutMs: config.modelTimeoutMs,
    clock,
    logger,
  });
  const plans = new LivePlans(planSource(tasks, registry, certificates, inference, objects, config), clock);
  const decide = new Decide({
    plans,
    predictor: {
      predict: (workspace, version, input) =>
        inference.predict(servable(objects, workspace, version, config), input.text),
      explain: (workspace, version, input, label) =>
        inference.explain(servable(objects, workspace, version, config), input.text, label, 30),
    },
    ledger: new LedgerOfDecisions(ledger, metrics),
    clock,
    cpuHourCost: config.cpuHourCost,
  });

  const deadLetters = new DeadLetters({ database, store: new PostgresDeadLetterStore(database), clock });
  // Set when a gateway shares this process or stands beside it: background work then stands back behind what people wait for.
  let pace: GatewayPace | null = null;
  const buses = openBuses({ settings: config.buses, open, logger });
  const outgoingRoom = openOutgoing({ database, buses, deadLetters, clock, logger });
  const { outgoing } = outgoingRoom;
  const replyTopics = openReplyTopics(config, database, clock);
  const webhooksRoom = openWebhooks({
    ...{ config, database, audit, clock, logger, metrics, deadLetters },
    events: eventSink,
  });
  const jobRoom = openJobs({
    share: () => pace?.share() ?? 1,
    ...{ config, open, database, plans, decide, ledgerStorage, deadLetters, metrics, clock, logger },
    ...{ events: eventSink, callbacks: webhooksRoom.callbacks },
    replies: {
      knows: (bus) => buses.has(bus),
      check: (workspace, destination) => replyTopics.check(workspace, destination),
      enqueue: (tx, workspace, messages) => outgoing.enqueue(tx, workspace, messages),
    },
  });
  const sourceRoom = openSources({
    ...{ config, open, database, tasks, decide, buses, outgoing, deadLetters, audit, metrics, clock, logger },
    events: eventSink,
  });

  const compatRoom = openCompat({ config, database, tasks, plans, decide, registry, objects, audit, clock });

  const runStore = new PostgresRunStore(database);
  const trainingDatasets = datasetsForTraining(datasets);
  const trainable = tasksForTraining(tasks);
  const runs = new TrainingRuns({ store: runStore, tasks: trainable, datasets: trainingDatasets, trainers, clock });
  const trainingRegistry = modelRegistry(registry, (workspace, slug) => plans.renew(workspace, slug));
  const trainingScorer = scorer(inference, (workspace, version) => servable(objects, workspace, version, config));
  const certification = openCertification({
    ...{ tasks, certificates, clock, registry: trainingRegistry, scorer: trainingScorer },
    datasets: trainingDatasets,
    store: new PostgresCertificationStore(database),
    figures: () => monitoring.figures,
  });
  const worker = new TrainingWorker({
    store: runStore,
    workDir: work,
    clock,
    logger,
    pipeline: new RunPipeline({
      tasks: trainable,
      datasets: trainingDatasets,
      trainers,
      artifacts: artifactStore(objects, (path) => createReadStream(path)),
      registry: trainingRegistry,
      scorer: trainingScorer,
      certification,
      threads: trainingThreads(config.trainingThreads),
      memoryLimitBytes: config.trainingMemoryBytes,
    }),
  });

  const renewal = openRenewal({
    ...{ tasks, examples, certification, clock, logger },
    certified: (workspace, slug) => plans.forget(workspace, slug),
  });
  const retraining = openRetraining({
    ...{ tasks, examples, datasets, registry, certificates },
    ...{ store: runStore, runs, clock, logger },
  });

  // What derives from the ledger, in the order in which it is told.
  const labelled = new LabelledDecisions({ store: new PostgresLabelledDecisionStore(), clock });
  const echoes = new PostgresEchoStore(database);
  const monitoring = openMonitoring({ database, tasks, registry, certificates, auditKeys, clock });
  const history = new DecisionHistory({
    storage: ledgerStorage,
    ledger,
    echoes,
    clock,
    rules: {
      allows: (workspace, task, label) => tasks.allowsLabel(workspace, task.id, task.revision, label),
    },
  });
  const reviewRoom = openReview({
    database,
    tasks,
    taskStore: new PostgresTaskStore(database),
    auditKeys,
    ledger,
    history,
    explain: explainer(registry, inference, (workspace, version) => servable(objects, workspace, version, config)),
    clock,
    logger,
  });
  const valueRoom = openValue({
    ...{ database, tasks, certificates, registry, ledgerStorage, clock, logger },
    taskStore: new PostgresTaskStore(database),
    certificationStore: new PostgresCertificationStore(database),
    scorer: trainingScorer,
    figures: monitoring.figures,
  });
  const consumers: FeedConsumer[] = [
    webhooksRoom.feed,
    reviewRoom.feed,
    examplesFeed(labelled),
    echoWatch(echoes),
    ...monitoring.consumers,
  ];
  const feedCursors = new PostgresFeedCursors(database);
  const feed = new LedgerFeed({
    ...{ database: plain, cursors: feedCursors, consumers, clock, logger },
    behind: () => jobRoom.worker.behind || sourceRoom.behind(),
  });

  const eventLog = new EventLog({ database, cursors: feedCursors });
  const { webhooks, log: deliveries } = webhooksRoom;
  const trail = openTrail({
    ...{ database, history, events: eventLog, outgoing, webhooks, deliveries, items: reviewRoom.items },
  });

  return {
    open,
    database,
    feed,
    objects,
    operator: identityRoom.operator,
    identityRoom,
    tasks,
    certificates,
    auditKeys,
    registry,
    examples,
    datasets,
    exampleSignatures,
    inference,
    ledger,
    eventSink,
    webhooksRoom,
    ledgerRoom: {
      storage: ledgerStorage,
      echoes,
      history,
    },
    events: eventLog,
    trail,
    plans,
    decide,
    deadLetters,
    buses,
    outgoingRoom,
    jobRoom,
    sourceRoom,
    compatRoom,
    /** Lets background work of this process stand back behind a gateway, in this process or beside it. */
    standBackBehind(gateway: Busyness, clock?: PaceClock): void {
      pace = new GatewayPace(gateway, clock);
    },
    /** How busy the gateway of this process is. */
    busyness: (gateway: GatewayLoad): Busyness => ({
      get lastRequestAt() {
        return gateway.lastRequestAt;
      },
      get lastShedAt() {
        return gateway.lastShedAt;
      },
      get waitingRows() {
        return ledger.statistics.waitingRows;
      },
      writing: () => ledger.statistics.lastGroupMs,
    }),
    reviewRoom,
    ...monitoring,
    ...valueRoom,
    runs,
    certification,
    renewal,
    retraining,
    worker,
    idempotency: new PostgresIdempotencyStore(database),
    /** What to stop at the end, the last first. */
    closing: (): ClosingStep[] => [
      { name: 'database connections', run: () => open.close() },
      { name: 'keys and sessions', run: () => identityRoom.close() },
      { name: 'model hosts', run: () => inference.close() },
      { name: 'embeddings', run: () => compatRoom.embedder.close() },
      { name: 'message systems', run: () => buses.close() },
      { name: 'outgoing messages', run: () => outgoingRoom.relay.stop() },
      { name: 'jobs', run: () => jobRoom.stop() },
      { name: 'sources', run: () => sourceRoom.stop() },
      { name: 'training', run: () => worker.stop() },
      { name: 'review', run: async () => reviewRoom.stop() },
      { name: 'replays', run: () => valueRoom.replayWorker.stop() },
      { name: 'webhooks', run: () => webhooksRoom.close() },
      { name: 'the feed', run: () => feed.stop() },
    ],
  };
}

/** A model version as the inference room takes it; its bytes are checked against the registry's digest on reading. */
function servable(
  objects: ObjectStore,
  workspace: string,
  version: ServingVersion | { key: string; format: string; artifact: ServingVersion['artifact'] },
  config: Config,
) {
  const { format, artifact } = version;
  const key = 'key' in version ? version.key : `${version.model}/${version.version}`;
  return {
    key: `${workspace}/${key}`,
    format,
    async read(): Promise<Uint8Array> {
      if (artifact.bytes > config.modelMemoryBytes) {
        throw inferenceErrors.model_artifact_invalid(
          `the file has ${artifact.bytes} bytes; UNDERSTUDY_MODEL_MEMORY_MB allows ${config.modelMemoryBytes}`,
        );
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of objects.get(artifact.key, artifact)) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
  };
}

/** Plans from the database. A new champion is loaded before the plan that names it is handed out. */
function planSource(
  tasks: Tasks,
  registry: Registry,
  certificates: Certificates,
  inference: Inference,
  objects: ObjectStore,
  config: Config,
): PlanSource {
  return {
    async load(workspace, slug, current): Promise<LivePlan> {
      const task = await tasks.get(workspace, slug);
      const version = await registry.champion(workspace, slug, task.id);
      const champion: ServingVersion | null =
        version === null
          ? null
          : {
              model: version.model,
              version: version.version,
              format: version.artifact.format,
              artifact: version.artifact,
            };
      if (champion !== null && champion.version !== current?.version) {
        // A champion that cannot be loaded still is the champion: its items go to people until it can.
        await inference.prepare(servable(objects, workspace, champion, config)).catch(() => {});
      }
      const word =
        champion === null ? null : await certificates.current(workspace, task.id, champion.model, champion.version);
      const certificate = word !== null && covers(word, task, champion) ? word : null;
      return { task, champion, certificate, labelSet: new Set(task.definition.labels.map(({ name }) => name)) };
    },
  };
}
