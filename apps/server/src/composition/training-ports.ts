import { availableParallelism } from 'node:os';
import type { Tasks } from '@understudy/decisions';
import type { Inference, ServableModel } from '@understudy/inference';
import { actingFor, isUnderstudyError } from '@understudy/kernel';
import type { Datasets, ObjectStore } from '@understudy/lake';
import { CHAMPION, type ModelVersion, type Registry } from '@understudy/registry';
import type {
  ArtifactStore,
  DatasetRow,
  Datasets as DatasetsForTraining,
  ModelRegistry,
  RegisteredVersion,
  Run,
  Scorer,
  TaskSource,
} from '@understudy/training';
import { codeVersion } from '../version.ts';

/** The training room's ports, answered by the rooms below it. */

export function tasksForTraining(tasks: Tasks): TaskSource {
  return {
    async task(workspace, slug) {
      const { id, revision, definition } = await tasks.get(workspace, slug);
      return { id, slug, revision, kind: definition.kind, labels: definition.labels.map(({ name }) => name) };
    },
  };
}

export function datasetsForTraining(datasets: Datasets): DatasetsForTraining {
  return {
    async snapshot(principal, task) {
      const { dataset } = await datasets.snapshot(principal.workspace, task);
      return { id: dataset.id, rows: dataset.rows };
    },
    async find(workspace, task, id) {
      const dataset = await datasets.get(workspace, task, id);
      return { id: dataset.id, rows: dataset.rows };
    },
    async *rows(workspace, task, id): AsyncGenerator<DatasetRow> {
      const dataset = await datasets.get(workspace, task, id);
      for await (const batch of datasets.readRows(dataset)) {
        for (const { text, label, group, source, probability, occurred_at, decision } of batch) {
          yield { text, label, group: String(group), source, probability, occurredAt: occurred_at, decision };
        }
      }
    },
  };
}

export function artifactStore(objects: ObjectStore, read: (path: string) => AsyncIterable<Uint8Array>): ArtifactStore {
  return {
    async put(key, path) {
      const { sha256, bytes } = await objects.put(key, read(path));
      return { sha256, bytes };
    },
  };
}

const registered = ({ model, version, artifact }: ModelVersion): RegisteredVersion => ({
  model,
  version,
  format: artifact.format,
  artifact,
});

export function modelRegistry(registry: Registry, promoted: (workspace: string, slug: string) => void): ModelRegistry {
  return {
    async register(run, made) {
      const before = run.attempts > 1 ? await registeredBy(registry, run, made) : null;
      if (before !== null) return registered(before);
      const version = await registry.register({
        workspace: run.workspace,
        model: made.task.slug,
        labels: [...made.labels],
        artifact: made.artifact,
        lineage: {
          taskId: made.task.id,
          taskRevision: made.task.revision,
          trainingRun: run.id,
          dataset: made.dataset,
          trainer: made.trainer,
          parameters: made.parameters,
          seed: run.seed,
          codeVersion,
        },
        metrics: made.metrics,
      });
      return registered(version);
    },
    async champion(workspace, task) {
      const version = await registry.champion(workspace, task.slug, task.id);
      return version === null ? null : registered(version);
    },
    async promote(run, version, reason, evidence) {
      await registry.setAlias(requester(run), version.model, CHAMPION, version.version, {
        reason,
        evidence: { ...evidence, training_run: run.id },
        requestId: run.requestId,
      });
      promoted(run.workspace, run.task);
    },
  };
}

/** What an attempt of a run registered before its worker died: the same file is the same version. */
async function registeredBy(
  registry: Registry,
  run: Run,
  { task, artifact }: { task: { slug: string }; artifact: { sha256: string } },
): Promise<ModelVersion | null> {
  const page = await registry.versions(run.workspace, task.slug, { limit: 50 }).catch((error: unknown) => {
    if (isUnderstudyError(error) && error.code === 'model_not_found') return [];
    throw error;
  });
  const mine = page.find(
    (version) => version.lineage.trainingRun === run.id && version.artifact.sha256 === artifact.sha256,
  );
  return mine ?? null;
}

/** A run acts for whoever asked for it; its rights were checked then. */
function requester(run: Run) {
  return actingFor(run.workspace, run.requestedBy);
}

export function scorer(
  inference: Inference,
  servable: (workspace: string, version: Parameters<Scorer['open']>[1]) => ServableModel,
): Scorer {
  return {
    async open(workspace, version) {
      const model = servable(workspace, version);
      await inference.prepare(model);
      return {
        score: (text) => inference.predict(model, text),
        close: () => inference.unload(model.key),
      };
    },
  };
}

/** 0 = every core of the machine. */
export function trainingThreads(configured: number): number {
  return configured === 0 ? availableParallelism() : configured;
}
