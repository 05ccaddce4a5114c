import { type AuditKeys, type Certificates, isDrawn, type Tasks } from '@understudy/decisions';
import { PostgresCertificateStore, PostgresTaskStore } from '@understudy/decisions/storage';
import { PostgresIdentityStore } from '@understudy/identity/storage';
import type { Clock, Database } from '@understudy/kernel';
import { type AuditDraw, LedgerFigures, Rollup } from '@understudy/ledger';
import { PostgresRollupStorage } from '@understudy/ledger/storage';
import {
  Alerts,
  Backlog,
  type CertificatesInForce,
  ErrorMonitor,
  Quality,
  type ReviewerChecks,
  type TaskDirectory,
  type WatchedTask,
  type WorkspaceDirectory,
} from '@understudy/monitoring';
import { PostgresAlertStore, PostgresAuditWatchStore } from '@understudy/monitoring/storage';
import type { Registry } from '@understudy/registry';
import { Figures } from '@understudy/review';
import { PostgresReviewStore } from '@understudy/review/storage';

const PAGE = 200;
const CHECKS_FRESH_MS = 60_000;
const MOST_CHECKS = 1000;

interface Context {
  database: Database;
  tasks: Tasks;
  registry: Registry;
  certificates: Certificates;
  auditKeys: AuditKeys;
  clock: Clock;
}

/** Live quality, the alarm and what they derive from the ledger. `consumers` go into the ledger's feed. */
export function openMonitoring(context: Context) {
  const { database, clock, certificates } = context;
  const draw = auditDraw(context.auditKeys);
  const storage = new PostgresRollupStorage(database);
  const figures = new LedgerFigures(storage);
  const alertStore = new PostgresAlertStore(database);
  const tasks = watchedTasks(context);
  const taskStore = new PostgresTaskStore(database);
  const monitor = new ErrorMonitor({
    store: new PostgresAuditWatchStore(),
    alerts: alertStore,
    certificates: certificatesInForce(certificates),
    budgets: { find: (tx, workspace, taskId) => taskStore.budget(tx, workspace, taskId) },
    draw,
    clock,
  });
  return {
    figures,
    monitoringRoom: {
      quality: new Quality({ figures, tasks, checks: reviewerChecks(context), alerts: alertStore, clock }),
      alerts: new Alerts({ store: alertStore, clock }),
    },
    backlog: new Backlog({ figures, tasks, alerts: alertStore, workspaces: workspaces(database), clock }),
    consumers: [new Rollup({ storage, draw, clock }), monitor],
  };
}

/** The draw of the audit lane, under each workspace's own key. */
export function auditDraw(keys: AuditKeys): AuditDraw {
  return async (tx, workspace) => {
    const key = await keys.of(tx, workspace);
    return (decision, probability) => isDrawn(key, decision, probability);
  };
}

function certificatesInForce(certificates: Certificates): CertificatesInForce {
  const store = new PostgresCertificateStore();
  return {
    find: (tx, workspace, id) => store.find(tx, workspace, id),
    suspend: (tx, workspace, id, suspension) => certificates.suspendIn(tx, workspace, id, suspension),
  };
}

function watchedTasks({ tasks, registry, certificates }: Context): TaskDirectory {
  type Task = Awaited<ReturnType<Tasks['get']>>;
  const watched = async (workspace: string, { id, slug, definition }: Task): Promise<WatchedTask> => {
    const { max_error: maxError, confidence } = definition.error_budget;
    const champion = await registry.champion(workspace, slug, id);
    const word = champion === null ? null : await certificates.current(workspace, id, champion.model, champion.version);
    const certificate =
      word === null ? null : { id: word.id, status: word.status, version: word.version, at: word.issuedAt };
    const uncertified = definition.automation.mode === 'uncertified' ? (champion?.version ?? null) : null;
    return { id, slug, title: definition.title, maxError, confidence, certificate, uncertified };
  };
  return {
    get: async (workspace, slug) => watched(workspace, await tasks.get(workspace, slug)),
    async list(workspace) {
      const all: WatchedTask[] = [];
      for (let after: string | undefined; ; ) {
        const page = await tasks.list(workspace, { limit: PAGE, ...(after === undefined ? {} : { after }) });
        all.push(...(await Promise.all(page.map((task) => watched(workspace, task)))));
        if (page.length < PAGE) return all;
        after = page.at(-1)!.slug;
      }
    },
  };
}

/** Kept for a minute: pages ask every few seconds, and gold items are answered now and then. */
function reviewerChecks({ database, tasks, clock }: Context): ReviewerChecks {
  const figures = new Figures({ store: new PostgresReviewStore(database) });
  const known = new Map<string, { at: number; quality: ReturnType<Figures['quality']> }>();
  const read = async (workspace: string, slug: string) => {
    const { definition } = await tasks.get(workspace, slug);
    const labels = definition.labels.map(({ name }) => name);
    return figures.quality(workspace, slug, labels);
  };
  return {
    of(workspace, slug) {
      const key = `${workspace}/${slug}`;
      const now = clock.now();
      const last = known.get(key);
      if (last !== undefined && now - last.at < CHECKS_FRESH_MS) return last.quality;
      if (known.size >= MOST_CHECKS) known.clear();
      const quality = read(workspace, slug);
      known.set(key, { at: now, quality });
      quality.catch(() => known.delete(key));
      return quality;
    },
  };
}

function workspaces(database: Database): WorkspaceDirectory {
  const store = new PostgresIdentityStore();
  return {
    all: () =>
      database.asSystem(async (tx) => {
        const ids: string[] = [];
        for (let after: string | undefined; ; ) {
          const page = await store.listWorkspaces(tx, { limit: PAGE, ...(after === undefined ? {} : { after }) });
          ids.push(...page.map(({ id }) => id));
          if (page.length < PAGE) return ids;
          after = page.at(-1)!.id;
        }
      }),
  };
}
