import type { Certificates, Tasks } from '@understudy/decisions';
import type { Clock, Logger } from '@understudy/kernel';
import type { Examples } from '@understudy/lake';
import type { FiguresReader } from '@understudy/ledger';
import {
  type CertifiableTasks,
  Certification,
  type CertificationStore,
  type Datasets,
  type LabelledTask,
  type ModelRegistry,
  Renewal,
  type Scorer,
  type Traffic,
} from '@understudy/training';

/** Certification with what it needs of the other rooms. */
export function openCertification(rooms: {
  tasks: Tasks;
  datasets: Datasets;
  registry: Pick<ModelRegistry, 'champion'>;
  scorer: Scorer;
  store: CertificationStore;
  certificates: Certificates;
  /** Asked when first needed: it is opened later. */
  figures: () => FiguresReader;
  clock: Clock;
}): Certification {
  const { tasks, figures, ...rest } = rooms;
  return new Certification({ tasks: certifiableTasks(tasks), traffic: trafficOf(figures, rest.clock), ...rest });
}

function certifiableTasks(tasks: Tasks): CertifiableTasks {
  return {
    async task(workspace, slug) {
      const { id, revision, definition } = await tasks.get(workspace, slug);
      const { error_budget: budget, certification, economics, audit } = definition;
      return {
        id,
        slug,
        revision,
        kind: definition.kind,
        labels: definition.labels.map(({ name }) => name),
        budget: { maxError: budget.max_error, confidence: budget.confidence },
        imports: certification.imports,
        windowDays: certification.window_days ?? null,
        economics: {
          currency: economics.currency,
          minutesPerItem: economics.minutes_per_item,
          costPerHour: Number(economics.cost_per_hour),
          costOfError: Number(economics.cost_of_error),
        },
        auditRate: audit.rate,
      };
    },
  };
}

const MONTH_MS = 30 * 86_400_000;

function trafficOf(figures: () => FiguresReader, clock: Clock): Traffic {
  return {
    async lastMonth(workspace, taskId) {
      const to = clock.now();
      const read = await figures().read(workspace, { taskId, from: to - MONTH_MS, to, bucket: 'total' });
      return read.figures.reduce((sum, { decisions }) => sum + decisions, 0);
    },
  };
}

const PAGE = 200;

/** Certificates that come back by themselves when enough labels have come. */
export function openRenewal(rooms: {
  tasks: Tasks;
  examples: Examples;
  certification: Certification;
  certified: (workspace: string, slug: string) => void;
  clock: Clock;
  logger: Logger;
}): Renewal {
  const { tasks, examples, ...rest } = rooms;
  const seen = new Map<string, number>();
  return new Renewal({
    ...rest,
    /** Only those that were given labels since the last time: the names of the others need not be read. */
    async tasks() {
      const due = new Map<string, Map<string, number>>();
      for (const { workspace, taskId, labels } of await examples.allLabelsGiven()) {
        if (seen.get(taskId) === labels) continue;
        due.set(workspace, (due.get(workspace) ?? new Map<string, number>()).set(taskId, labels));
      }
      const found: LabelledTask[] = [];
      for (const [workspace, counters] of due) {
        for (let after: { after?: string } = {}; ; ) {
          const page = await tasks.list(workspace, { limit: PAGE, ...after });
          for (const { id, slug } of page) {
            const labels = counters.get(id);
            if (labels !== undefined) found.push({ workspace, slug, taskId: id, labels });
          }
          if (page.length < PAGE) break;
          after = { after: page.at(-1)!.slug };
        }
        for (const [taskId, labels] of counters) seen.set(taskId, labels);
      }
      return found;
    },
  });
}
