import type { Certificates, TaskStore, Tasks } from '@understudy/decisions';
import { type Clock, type Database, isUnderstudyError, type Logger } from '@understudy/kernel';
import type { FiguresReader, LedgerStorage } from '@understudy/ledger';
import { PostgresRecordReader } from '@understudy/ledger/storage';
import type { Registry } from '@understudy/registry';
import { type CertificationStore, certifier, type Scorer } from '@understudy/training';
import { type PricedTask, type ReplayRooms, Replays, ReplayWorker, type TaskCatalogue, Value } from '@understudy/value';
import { PostgresReplayStore } from '@understudy/value/storage';

const PAGE = 200;
const DAY_MS = 86_400_000;
/** How far back suspensions are looked for. */
const HISTORY = 200;

type Task = Awaited<ReturnType<Tasks['get']>>;

interface Context {
  database: Database;
  tasks: Tasks;
  taskStore: Pick<TaskStore, 'labelsAt'>;
  certificates: Certificates;
  certificationStore: Pick<CertificationStore, 'find'>;
  registry: Registry;
  /** Opens a model version for many texts, apart from what serves. */
  scorer: Scorer;
  figures: FiguresReader;
  ledgerStorage: LedgerStorage;
  clock: Clock;
  logger: Logger;
}

/** The value room over the rooms below it. `replayWorker` is started where workers run. */
export function openValue(context: Context) {
  const { database, clock, logger, ledgerStorage: ledger } = context;
  const records = new PostgresRecordReader(database);
  const rooms = replayRooms(context);
  const store = new PostgresReplayStore(database);
  return {
    value: new Value({ figures: context.figures, ledger, tasks: taskCatalogue(context.tasks), records, clock }),
    replays: new Replays({ store, rooms, clock }),
    replayWorker: new ReplayWorker({ store, ports: { rooms, records, ledger, clock }, logger }),
  };
}

function priced({ id, slug, definition: { title, economics } }: Task): PricedTask {
  return {
    id,
    slug,
    title,
    economics: {
      currency: economics.currency,
      minutesPerItem: economics.minutes_per_item,
      costPerHour: economics.cost_per_hour,
      costOfError: economics.cost_of_error,
      infrastructurePerMonth: economics.infrastructure_per_month ?? '0.00',
    },
  };
}

/** The decisions room's tasks, as the value room sees them: their prices. */
function taskCatalogue(tasks: Tasks): TaskCatalogue {
  return {
    find: async (workspace, slug) => priced(await tasks.get(workspace, slug)),
    async list(workspace) {
      const all: PricedTask[] = [];
      for (let after: string | undefined; ; ) {
        const page = await tasks.list(workspace, { limit: PAGE, ...(after === undefined ? {} : { after }) });
        all.push(...page.map(priced));
        if (page.length < PAGE) return all;
        after = page.at(-1)!.slug;
      }
    },
  };
}

function replayRooms(context: Context): ReplayRooms {
  const { tasks, taskStore, certificates, certificationStore, registry, scorer, clock } = context;
  return {
    task: (workspace, slug) => tasks.get(workspace, slug),
    labelsAt: (workspace, taskId, revision) => taskStore.labelsAt(workspace, taskId, revision),
    certificate: (workspace, id) => certificates.find(workspace, id),
    async fit(workspace, task, version, budget) {
      const scores = await certificationStore.find(workspace, task.id, task.slug, version);
      if (scores === null) return null;
      const { imports, window_days: days } = task.definition.certification;
      const history = await certificates.history(workspace, task.id, HISTORY);
      const shifts = history.flatMap(({ suspension }) => (suspension === null ? [] : [suspension.at]));
      const bounds = [...shifts, ...(days === undefined ? [] : [clock.now() - days * DAY_MS])];
      const since = bounds.length === 0 ? null : Math.max(...bounds);
      const sampling = { imports, since, sinceShift: shifts.length > 0 };
      const fitted = certifier(scores.rows, { tune: scores.tune, sampling })(budget);
      const reason = fitted.needed?.reason ?? null;
      return { threshold: fitted.threshold, score: scores.score, status: fitted.status, reason };
    },
    hasVersion: async (workspace, task, version) => (await versionOf(registry, workspace, task.slug, version)) !== null,
    async open(workspace, model, version) {
      const found = await versionOf(registry, workspace, model, version);
      if (found === null) return null;
      const { artifact } = found;
      try {
        return await scorer.open(workspace, { key: `replay/${model}/${version}`, format: artifact.format, artifact });
      } catch (error) {
        // A file that is gone or cannot be loaded: its rows are counted as such, the replay goes on.
        if (isUnderstudyError(error) && !error.retryable) return null;
        throw error;
      }
    },
  };
}

async function versionOf(registry: Registry, workspace: string, model: string, version: string) {
  try {
    return await registry.version(workspace, model, version);
  } catch (error) {
    if (isUnderstudyError(error) && /^model(_version)?_not_found$/.test(error.code)) return null;
    throw error;
  }
}
