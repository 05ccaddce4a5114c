import { createReadStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenDatabase, openDatabase } from '@understudy/database-postgres';
import { Decide, type LivePlan, LivePlans, type PlanSource, type ServingVersion, Tasks } from '@understudy/decisions';
import { PostgresTaskStore } from '@understudy/decisions/storage';
import { allScopes, ensureOperatorKey, Identity, KeyAuthenticator, KeyRateLimiter } from '@understudy/identity';
import {
  KEYS_CHANNEL,
  PostgresAuditLog,
  PostgresIdentityStore,
  PostgresKeyDirectory,
} from '@understudy/identity/storage';
import { Inference, inferenceErrors } from '@understudy/inference';
import type { Clock, Logger } from '@understudy/kernel';
import { Datasets, Examples, type ObjectStore } from '@understudy/lake';
import { ParquetDatasetFiles, PostgresDatasetStore, PostgresExampleStore } from '@understudy/lake/storage';
import { DecisionHistory, Ledger } from '@understudy/ledger';
import { PostgresLedgerStorage } from '@understudy/ledger/storage';
import { FileSpool, FilesystemObjectStore } from '@understudy/objects-filesystem';
import { Registry } from '@understudy/registry';
import { PostgresRegistryStore } from '@understudy/registry/storage';
import { RunPipeline, TrainingRuns, TrainingWorker } from '@understudy/training';
import { PostgresRunStore } from '@understudy/training/storage';
import type { Config } from '../config.ts';
import { PostgresIdempotencyStore } from '../idempotency/storage/idempotency-store.ts';
import type { Metrics } from '../observability/metrics.ts';
import { LedgerOfDecisions } from './decision-ledger.ts';
import { runtimes, trainers } from './drivers.ts';
import {
  artifactStore,
  datasetsForTraining,
  modelRegistry,
  scorer,
  tasksForTraining,
  trainingThreads,
} from './training-ports.ts';

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
  const { database } = open;
  const work = join(config.dataDir, 'work');
  mkdirSync(work, { recursive: true });
  const objects = await FilesystemObjectStore.open({ directory: join(config.dataDir, 'objects') });

  const audit = new PostgresAuditLog(clock);
  const identityStore = new PostgresIdentityStore();
  const operator = await ensureOperatorKey(database, identityStore, config.operatorKey);
  const identity = new Identity({ database, store: identityStore, audit, clock, scopes: allScopes });
  const authenticator = new KeyAuthenticator({
    directory: new PostgresKeyDirectory(database),
    operatorHash: operator.hash,
    clock,
    logger,
  });
  const unlisten = await open.listen(KEYS_CHANNEL, (keyId) => authenticator.invalidate(keyId));

  const tasks = new Tasks({ store: new PostgresTaskStore(database), audit, clock });
  const registry = new Registry({ store: new PostgresRegistryStore(database), audit, clock });
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
    hosts: config.modelHosts,
    maxModelBytes: config.modelMemoryBytes,
    timeoutMs: config.modelTimeoutMs,
    clock,
    logger,
  });
  const ledgerStorage = new PostgresLedgerStorage(database);
  const ledger = new Ledger({ storage: ledgerStorage, clock, logger });
  const plans = new LivePlans(planSource(tasks, registry, inference, objects, config), clock);
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

  const runStore = new PostgresRunStore(database);
  const trainingDatasets = datasetsForTraining(datasets);
  const trainable = tasksForTraining(tasks);
  const runs = new TrainingRuns({ store: runStore, tasks: trainable, datasets: trainingDatasets, trainers, clock });
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
      registry: modelRegistry(registry, (workspace, slug) => plans.renew(workspace, slug)),
      scorer: scorer(inference, (workspace, version) => servable(objects, workspace, version, config)),
      threads: trainingThreads(config.trainingThreads),
      memoryLimitBytes: config.trainingMemoryBytes,
    }),
  });

  return {
    open,
    database,
    objects,
    operator,
    identity,
    authenticator,
    limiter: new KeyRateLimiter(clock, config.rateLimitPerMinute),
    tasks,
    registry,
    examples,
    datasets,
    inference,
    ledger,
    ledgerRoom: {
      storage: ledgerStorage,
      history: new DecisionHistory({
        storage: ledgerStorage,
        ledger,
        clock,
        rules: {
          allows: (workspace, task, label) => tasks.allowsLabel(workspace, task.id, task.revision, label),
        },
      }),
    },
    plans,
    decide,
    runs,
    worker,
    idempotency: new PostgresIdempotencyStore(database),
    async close() {
      await worker.stop();
      await inference.close();
      await authenticator.flush().catch(() => {});
      unlisten();
      await open.close();
    },
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
      return { task, champion, labelSet: new Set(task.definition.labels.map(({ name }) => name)) };
    },
  };
}
