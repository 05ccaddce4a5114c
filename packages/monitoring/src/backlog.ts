import { type Clock, newId } from '@understudy/kernel';
import type { Figures, FiguresReader } from '@understudy/ledger';
import type { Alert, AlertKind } from './alert.ts';
import type { AlertStore, TaskDirectory, WatchedTask, WorkspaceDirectory } from './ports.ts';

const HOUR_MS = 3_600_000;
/** How long work may wait before anybody is told. */
export const PATIENCE_MS = 24 * HOUR_MS;
/** Fewer waiting items than this worry nobody. */
const FEW = 20;
/** The queue grows when this many times as much comes in as is answered. */
const GROWTH = 1.2;

export interface BacklogPorts {
  figures: FiguresReader;
  tasks: TaskDirectory;
  alerts: AlertStore;
  workspaces: WorkspaceDirectory;
  clock: Clock;
}

/** What stood in the queue of a task before the last day, and what happened in it. */
export interface Workload {
  /** Drawn for audit more than a day ago and still unlabelled. */
  oldAudits: number;
  /** Left to a person more than a day ago and still unanswered. */
  oldReviews: number;
  /** In the last 24 hours: audits answered, all verdicts, and items that came in. */
  audited: number;
  answered: number;
  incoming: number;
}

export function workloadOf(before: readonly Figures[], lastDay: readonly Figures[]): Workload {
  const sum = (rows: readonly Figures[], of: (one: Figures) => number) => rows.reduce((n, one) => n + of(one), 0);
  const given = (source: string) => sum(lastDay, (one) => one.given[source] ?? 0);
  return {
    oldAudits: sum(before, (one) => Math.max(0, one.drawn - one.audited)),
    oldReviews: sum(before, (one) => Math.max(0, one.review - one.reviewed - one.imported)),
    audited: given('audit'),
    answered: given('audit') + given('reviewer') + given('application'),
    incoming: sum(lastDay, (one) => one.review + one.drawn),
  };
}

/** Audits were drawn and nobody answers them: the error figures and the alarm go blind. */
export const auditsStandStill = ({ oldAudits, audited }: Workload): boolean => oldAudits > 0 && audited === 0;

/** More comes in than people answer, and what waits from before the last day is more than a day's work. */
export function queueGrows({ oldReviews, oldAudits, incoming, answered }: Workload): boolean {
  const old = oldReviews + oldAudits;
  return old >= FEW && old > answered && incoming > GROWTH * answered;
}

/**
 * Looks at every task now and then: raises an alert when audits stand still or the queue grows, brings its evidence up to
 * date while that lasts, and resolves it when it is over. An alert about a suspended certificate is resolved by a newer
 * certificate in force, one about a version that answers without a certificate when it does so no more; alerts of
 * deleted tasks are resolved too. May run in several processes: one alert stays open.
 */
export class Backlog {
  readonly #ports: BacklogPorts;

  constructor(ports: BacklogPorts) {
    this.#ports = ports;
  }

  async checkAll(): Promise<void> {
    for (const workspace of await this.#ports.workspaces.all()) await this.check(workspace);
  }

  async check(workspace: string): Promise<void> {
    const { figures, tasks, alerts, clock } = this.#ports;
    const now = clock.now();
    const day = Math.floor((now - PATIENCE_MS) / HOUR_MS) * HOUR_MS;
    const all = await tasks.list(workspace);
    const read = async (from: number, to: number) => {
      const { figures: rows } = await figures.read(workspace, { from, to, bucket: 'total', perTask: true });
      return Map.groupBy(rows, ({ task }) => task!.id);
    };
    const [before, lastDay, open] = await Promise.all([
      read(0, day),
      read(day, now + HOUR_MS),
      alerts.allOpen(workspace),
    ]);
    for (const task of all) {
      const load = workloadOf(before.get(task.id) ?? [], lastDay.get(task.id) ?? []);
      await this.#settle(workspace, task, 'audit_backlog', auditsStandStill(load), load, open);
      await this.#settle(workspace, task, 'review_backlog', queueGrows(load), load, open);
    }
    await this.#resolveOld(workspace, all, open, now);
  }

  async #settle(
    workspace: string,
    task: WatchedTask,
    kind: 'audit_backlog' | 'review_backlog',
    wrong: boolean,
    load: Workload,
    open: readonly Alert[],
  ): Promise<void> {
    const { alerts, clock } = this.#ports;
    const now = clock.now();
    if (wrong) {
      await alerts.raise({
        id: newId('alr', now),
        workspace,
        taskId: task.id,
        task: task.slug,
        kind,
        subject: task.id,
        severity: 'warning',
        summary: kind === 'audit_backlog' ? auditSummary(task, load) : reviewSummary(task, load),
        evidence: {
          waiting_audits_older_than_a_day: load.oldAudits,
          waiting_reviews_older_than_a_day: load.oldReviews,
          audits_answered_last_day: load.audited,
          answered_last_day: load.answered,
          came_in_last_day: load.incoming,
        },
        openedAt: now,
        resolvedAt: null,
        resolution: null,
        acknowledged: null,
      });
    } else if (open.some((alert) => alert.kind === kind && alert.subject === task.id)) {
      await this.#resolve(workspace, kind, task.id, 'The work is being done again.');
    }
  }

  async #resolveOld(
    workspace: string,
    tasks: readonly WatchedTask[],
    open: readonly Alert[],
    now: number,
  ): Promise<void> {
    const byId = new Map(tasks.map((task) => [task.id, task]));
    for (const alert of open) {
      if (alert.taskId === '') continue; // whoever opened it closes it
      const task = byId.get(alert.taskId);
      if (task === undefined) {
        await this.#resolve(workspace, alert.kind, alert.subject, 'The task was deleted.');
      } else if (alert.kind === 'uncertified_error') {
        const version = alert.evidence.model_version;
        if (task.uncertified === version) continue;
        const reason = `Version ${String(version)} does not answer without a certificate any more.`;
        await this.#resolve(workspace, alert.kind, alert.subject, reason);
      } else if (alert.kind === 'error_budget_exceeded') {
        const { certificate } = task;
        if (certificate === null || certificate.id === alert.subject || certificate.status !== 'certified') continue;
        if (certificate.at > now) continue;
        await this.#resolve(workspace, alert.kind, alert.subject, `Certified again: ${certificate.id}.`);
      }
    }
  }

  async #resolve(workspace: string, kind: AlertKind, subject: string, reason: string): Promise<void> {
    await this.#ports.alerts.resolve(workspace, { kind, subject }, { at: this.#ports.clock.now(), reason });
  }
}

const auditSummary = (task: WatchedTask, { oldAudits }: Workload) =>
  `${oldAudits} audits of ${task.slug} wait for more than a day and none was answered since: its error is not watched.`;

const reviewSummary = (task: WatchedTask, { oldReviews, oldAudits, incoming, answered }: Workload) =>
  `The queue of ${task.slug} grows: ${incoming} items came in the last day, ${answered} were answered, ` +
  `${oldReviews + oldAudits} wait for longer than that.`;
