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
  type TaskDirectory,
  type WatchedTask,
  type WorkspaceDirectory,
} from '@understudy/monitoring';
import { PostgresAlertStore, PostgresAuditWatchStore } from '@understudy/monitoring/storage';
import type { Registry } from '@understudy/registry';

const PAGE = 200;

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
      quality: new Quality({ figures, tasks, alerts: alertStore, clock }),
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
