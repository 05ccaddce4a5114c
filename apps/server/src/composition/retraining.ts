import type { Certificates, Task, Tasks } from '@understudy/decisions';
import { type Clock, isUnderstudyError, type Logger } from '@understudy/kernel';
import type { Datasets, Examples } from '@understudy/lake';
import type { Registry } from '@understudy/registry';
import {
  type LabelSupply,
  type RetrainableTask,
  Retraining,
  type RetrainingTasks,
  type RunStore,
  type ServedModels,
  type TrainingRuns,
} from '@understudy/training';

const PAGE = 200;

/** Training that starts by itself, with what it needs of the other rooms. */
export function openRetraining(rooms: {
  tasks: Tasks;
  examples: Examples;
  datasets: Datasets;
  registry: Registry;
  certificates: Certificates;
  store: RunStore;
  runs: TrainingRuns;
  clock: Clock;
  logger: Logger;
}): Retraining {
  const { tasks, examples, datasets, registry, certificates, ...rest } = rooms;
  return new Retraining({
    tasks: retrainingTasks(tasks),
    labels: labelSupply(examples, datasets),
    models: servedModels(registry, certificates),
    ...rest,
  });
}

function retrainingTasks(tasks: Tasks): RetrainingTasks {
  const toRetrainable = ({ workspace, id, slug, definition }: Task): RetrainableTask => ({
    workspace,
    id,
    slug,
    policy: definition.retraining,
  });
  return {
    find: async (workspace, slug) => toRetrainable(await tasks.get(workspace, slug)),
    async ofWorkspace(workspace) {
      const all: RetrainableTask[] = [];
      for (let after: { after?: string } = {}; ; ) {
        const page = await tasks.list(workspace, { limit: PAGE, ...after });
        all.push(...page.map(toRetrainable));
        if (page.length < PAGE) return all;
        after = { after: page.at(-1)!.slug };
      }
    },
  };
}

function labelSupply(examples: Examples, datasets: Datasets): LabelSupply {
  return {
    counters: () => examples.allLabelsGiven(),
    given: ({ workspace, slug }) => examples.labelsGiven(workspace, slug),
    examples: async ({ workspace, slug }) => (await examples.stats(workspace, slug)).labels,
    async dataset({ workspace, slug }, id) {
      const found = await datasets.get(workspace, slug, id).catch((error: unknown) => {
        if (isUnderstudyError(error) && error.code === 'dataset_not_found') return null;
        throw error;
      });
      // A version from before labels were counted: each of its rows was one.
      return found === null ? null : { rows: found.rows, labelsGiven: found.labelsGiven ?? found.rows };
    },
  };
}

function servedModels(registry: Registry, certificates: Certificates): ServedModels {
  return {
    async champion({ workspace, id, slug }) {
      const version = await registry.champion(workspace, slug, id);
      return version === null
        ? null
        : { model: version.model, version: version.version, dataset: version.lineage.dataset };
    },
    async suspension({ workspace, id }, { model, version }) {
      const certificate = await certificates.current(workspace, id, model, version);
      return certificate?.status === 'suspended'
        ? { reason: certificate.suspension?.reason ?? 'no reason given' }
        : null;
    },
  };
}
