import type { Tx } from '@understudy/kernel';
import type { Alert } from '../alert.ts';
import type { AlertFilter, AlertStore, AuditOutcome, AuditWatchStore, WatchState } from '../ports.ts';

/** Alerts in memory. */
export class MemoryAlertStore implements AlertStore {
  readonly #alerts: Alert[] = [];

  #openOne(workspace: string, kind: string, subject: string): Alert | undefined {
    return this.#alerts.find(
      (one) => one.workspace === workspace && one.kind === kind && one.subject === subject && one.resolvedAt === null,
    );
  }

  async open(_tx: Tx, alert: Alert): Promise<Alert | null> {
    if (this.#openOne(alert.workspace, alert.kind, alert.subject) !== undefined) return null;
    this.#alerts.push(structuredClone(alert));
    return structuredClone(alert);
  }

  async raise(alert: Alert): Promise<Alert> {
    const known = this.#openOne(alert.workspace, alert.kind, alert.subject);
    if (known === undefined) return (await this.open(null as never, alert))!;
    known.summary = alert.summary;
    known.evidence = structuredClone(alert.evidence);
    return structuredClone(known);
  }

  async resolve(
    workspace: string,
    of: { kind: Alert['kind']; subject: string },
    { at, reason }: { at: number; reason: string },
  ): Promise<Alert | null> {
    const known = this.#openOne(workspace, of.kind, of.subject);
    if (known === undefined) return null;
    known.resolvedAt = at;
    known.resolution = reason;
    return structuredClone(known);
  }

  #of(workspace: string): Alert[] {
    return this.#alerts.filter((one) => one.workspace === workspace);
  }

  async find(workspace: string, id: string): Promise<Alert | null> {
    const found = this.#of(workspace).find((one) => one.id === id);
    return found === undefined ? null : structuredClone(found);
  }

  async list(
    workspace: string,
    { task, open }: AlertFilter,
    { limit, after }: { limit: number; after?: string | undefined },
  ): Promise<Alert[]> {
    return this.#of(workspace)
      .filter((one) => task === undefined || one.task === task)
      .filter((one) => open === undefined || (one.resolvedAt === null) === open)
      .filter(({ id }) => after === undefined || id < after)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, limit)
      .map((one) => structuredClone(one));
  }

  async countOpen(workspace: string): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const { taskId } of await this.allOpen(workspace)) counts.set(taskId, (counts.get(taskId) ?? 0) + 1);
    return counts;
  }

  async allOpen(workspace: string): Promise<Alert[]> {
    const open = this.#of(workspace).filter(({ resolvedAt }) => resolvedAt === null);
    return open.sort((a, b) => (a.id < b.id ? -1 : 1)).map((one) => structuredClone(one));
  }

  async acknowledge(
    workspace: string,
    id: string,
    acknowledged: NonNullable<Alert['acknowledged']>,
  ): Promise<Alert | null> {
    const found = this.#of(workspace).find((one) => one.id === id);
    if (found === undefined) return null;
    found.acknowledged ??= { ...acknowledged };
    return structuredClone(found);
  }
}

/** Audit outcomes in memory; a rolled-back `tx` leaves its traces. */
export class MemoryAuditWatchStore implements AuditWatchStore {
  readonly #states = new Map<string, WatchState>();
  readonly #outcomes: (AuditOutcome & { workspace: string; certificate: string })[] = [];

  async state(_tx: Tx, workspace: string, certificate: string): Promise<WatchState | null> {
    return structuredClone(this.#states.get(`${workspace} ${certificate}`) ?? null);
  }

  async saveState(_tx: Tx, workspace: string, certificate: string, state: WatchState): Promise<void> {
    this.#states.set(`${workspace} ${certificate}`, structuredClone(state));
  }

  async outcomes(_tx: Tx, workspace: string, decisions: readonly string[]) {
    const found = this.#outcomes.filter((one) => one.workspace === workspace && decisions.includes(one.decision));
    return new Map(found.map(({ workspace: _, ...outcome }) => [outcome.decision, { ...outcome }]));
  }

  async saveOutcome(_tx: Tx, workspace: string, certificate: string, outcome: AuditOutcome): Promise<void> {
    const known = this.#outcomes.find((one) => one.workspace === workspace && one.decision === outcome.decision);
    if (known === undefined) this.#outcomes.push({ workspace, certificate, ...outcome });
    else Object.assign(known, { labelId: outcome.labelId, wrong: outcome.wrong });
  }

  async all(_tx: Tx, workspace: string, certificate: string): Promise<AuditOutcome[]> {
    return this.#outcomes
      .filter((one) => one.workspace === workspace && one.certificate === certificate)
      .map(({ workspace: _, certificate: __, ...outcome }) => outcome);
  }

  async wrongOnes(tx: Tx, workspace: string, certificate: string, limit: number): Promise<string[]> {
    const wrong = (await this.all(tx, workspace, certificate)).filter((one) => one.wrong);
    return wrong
      .map(({ decision }) => decision)
      .reverse()
      .slice(0, limit);
  }

  async clear(_tx: Tx, workspace: string): Promise<void> {
    for (const key of this.#states.keys()) if (key.startsWith(`${workspace} `)) this.#states.delete(key);
    const others = this.#outcomes.filter((one) => one.workspace !== workspace);
    this.#outcomes.splice(0, this.#outcomes.length, ...others);
  }
}
