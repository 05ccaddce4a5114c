import { type Clock, newId, type Tx } from '@understudy/kernel';
import type { AuditDraw, FeedConsumer, FeedEntry, RecordedDecision, RecordedLabel } from '@understudy/ledger';
import { ErrorProcess, hajekError } from '@understudy/statistics';
import type {
  AlertStore,
  AuditOutcome,
  AuditWatchStore,
  CertificatesInForce,
  ErrorBudgets,
  WatchedCertificate,
  WatchState,
} from './ports.ts';

export interface ErrorMonitorPorts {
  store: AuditWatchStore;
  alerts: AlertStore;
  certificates: CertificatesInForce;
  budgets: ErrorBudgets;
  draw: AuditDraw;
  clock: Clock;
}

/** Wrong decisions that an alert names. */
const NAMED = 100;
/** Status of what stands for a certificate where there is none. */
const UNCERTIFIED = 'uncertified';

type LabelOfDecision = Extract<FeedEntry, { kind: 'label' }>;

/**
 * Watches the error of every certificate: each answer of the audit lane enters an e-process for H0 "the error is at
 * most the budget". When it reaches 1/α (α = 1 − the budget's confidence), which under H0 ever happens with probability α
 * at most, the certificate is suspended and an alert says on what evidence, in the same transaction.
 *
 * A version that answers without a certificate (by the operator's wish) is watched in the same way, against the task's
 * present budget. There is nothing to suspend: only the alert is opened. What it answers says nothing about a certificate
 * that the task may have besides.
 *
 * A verdict that is corrected later corrects the process: it is computed again from all outcomes, in their order.
 */
export class ErrorMonitor implements FeedConsumer {
  readonly name = 'monitor';
  readonly #ports: ErrorMonitorPorts;

  constructor(ports: ErrorMonitorPorts) {
    this.#ports = ports;
  }

  async apply(tx: Tx, workspace: string, entries: readonly FeedEntry[]): Promise<void> {
    const labels = entries.filter((entry): entry is LabelOfDecision => {
      if (entry.kind !== 'label') return false;
      const { label, decision } = entry;
      // The audit lane's word, and a reviewer's later one, which outranks it.
      const counts = (label.source === 'audit' || label.source === 'reviewer') && !label.echo;
      return counts && decision.label !== null && decision.audit !== null && watchIdOf(decision) !== null;
    });
    if (labels.length === 0) return;
    const isDrawn = await this.#ports.draw(tx, workspace);
    const drawn = labels.filter(({ decision }) => isDrawn(decision.id, decision.audit!.probability));
    const known = await this.#ports.store.outcomes(
      tx,
      workspace,
      drawn.map(({ decision }) => decision.id),
    );
    const watches = new Map<string, Watch>();
    for (const { label, decision, at } of drawn) {
      const before = known.get(decision.id);
      const outcome = outcomeOf(before, label, decision, at);
      if (outcome === null) continue;
      const id = watchIdOf(decision)!;
      let watch = watches.get(id);
      if (watch === undefined) {
        const found = await this.#open(tx, workspace, id, decision);
        if (found === null) continue;
        watch = found;
        watches.set(id, watch);
      }
      await this.#ports.store.saveOutcome(tx, workspace, id, outcome);
      known.set(decision.id, { ...outcome, certificate: id });
      watch.take(outcome, before);
    }
    for (const [id, watch] of watches) {
      if (watch.stale) watch.recompute(await this.#ports.store.all(tx, workspace, id));
      await this.#ports.store.saveState(tx, workspace, id, watch.state());
      if (!watch.reached) continue;
      if (watch.certificate.status === UNCERTIFIED) await this.#warn(tx, workspace, watch);
      else await this.#suspend(tx, workspace, watch);
    }
  }

  reset(tx: Tx, workspace: string): Promise<void> {
    return this.#ports.store.clear(tx, workspace);
  }

  async #open(tx: Tx, workspace: string, id: string, decision: RecordedDecision): Promise<Watch | null> {
    const certificate =
      decision.automation === 'uncertified'
        ? await this.#uncertified(tx, workspace, id, decision)
        : await this.#ports.certificates.find(tx, workspace, id);
    if (certificate === null) return null;
    const state = await this.#ports.store.state(tx, workspace, id);
    return new Watch(certificate, decision, state);
  }

  /** What stands for the certificate that this version answers without. */
  async #uncertified(
    tx: Tx,
    workspace: string,
    id: string,
    { task, decided_by: by }: RecordedDecision,
  ): Promise<WatchedCertificate | null> {
    const budget = await this.#ports.budgets.find(tx, workspace, task.id);
    if (budget === null || by === null) return null;
    return { id, taskId: task.id, model: by.model, version: by.version, ...budget, status: UNCERTIFIED };
  }

  async #warn(tx: Tx, workspace: string, watch: Watch): Promise<void> {
    const { certificate, task, taskId } = watch;
    const outcomes = await this.#ports.store.all(tx, workspace, certificate.id);
    const evidence = {
      ...watch.evidence(outcomes),
      certificate: null,
      decisions: await this.#ports.store.wrongOnes(tx, workspace, certificate.id, NAMED),
    };
    const openedAt = this.#ports.clock.now();
    await this.#ports.alerts.open(tx, {
      id: newId('alr', openedAt),
      workspace,
      taskId,
      task,
      kind: 'uncertified_error',
      subject: certificate.id,
      severity: 'critical',
      summary: `${watch.reason(evidence.estimate)} It answers ${task} without a certificate, so nothing stops it: it goes on.`,
      evidence,
      openedAt,
      resolvedAt: null,
      resolution: null,
      acknowledged: null,
    });
  }

  async #suspend(tx: Tx, workspace: string, watch: Watch): Promise<void> {
    const { certificate, task, taskId } = watch;
    const outcomes = await this.#ports.store.all(tx, workspace, certificate.id);
    const evidence = {
      ...watch.evidence(outcomes),
      decisions: await this.#ports.store.wrongOnes(tx, workspace, certificate.id, NAMED),
    };
    const reason = watch.reason(evidence.estimate);
    const suspended = await this.#ports.certificates.suspend(tx, workspace, certificate.id, { reason, evidence });
    if (!suspended) return;
    const openedAt = this.#ports.clock.now();
    await this.#ports.alerts.open(tx, {
      id: newId('alr', openedAt),
      workspace,
      taskId,
      task,
      kind: 'error_budget_exceeded',
      subject: certificate.id,
      severity: 'critical',
      summary: `${reason} All items of ${task} go to people until the model is certified again.`,
      evidence,
      openedAt,
      resolvedAt: null,
      resolution: null,
      acknowledged: null,
    });
  }
}

/** Under which word the model answered: a certificate's id, or what stands for none. Null for anything else. */
function watchIdOf({ automation, certificate, task, decided_by: by }: RecordedDecision): string | null {
  if (automation !== 'uncertified') return certificate;
  return by === null ? null : `uncertified:${task.id}:${by.version}`;
}

/** What a label makes of a decision's audit; null when it changes nothing. */
function outcomeOf(
  before: AuditOutcome | undefined,
  label: RecordedLabel,
  decision: RecordedDecision,
  at: number,
): AuditOutcome | null {
  if (before === undefined && label.source !== 'audit') return null;
  if (before !== undefined && label.id < before.labelId) return null;
  return {
    decision: decision.id,
    labelId: label.id,
    wrong: label.label !== decision.label,
    probability: decision.audit!.probability,
    at: before?.at ?? at,
  };
}

/** The e-process of one certificate while a batch is applied. */
class Watch {
  readonly certificate: WatchedCertificate;
  readonly task: string;
  readonly taskId: string;
  /** A correction came, or a smaller probability than the process allowed for: it has to be computed again. */
  stale = false;
  #process: ErrorProcess;
  #wrong: number;
  #firstAt: number;
  #lastAt: number;

  constructor(certificate: WatchedCertificate, decision: RecordedDecision, state: WatchState | null) {
    this.certificate = certificate;
    this.task = decision.task.slug;
    this.taskId = decision.task.id;
    this.#process =
      state === null
        ? new ErrorProcess(certificate.maxError, decision.audit!.probability)
        : ErrorProcess.from(state.process);
    // The budget of a task may change; that of a certificate never does.
    this.stale = state !== null && state.process.maxError !== certificate.maxError;
    this.#wrong = state?.wrong ?? 0;
    this.#firstAt = state?.firstAt ?? Number.POSITIVE_INFINITY;
    this.#lastAt = state?.lastAt ?? 0;
  }

  get limit(): number {
    return 1 / (1 - this.certificate.confidence);
  }

  get reached(): boolean {
    return this.#process.value >= this.limit;
  }

  take(outcome: AuditOutcome, before: AuditOutcome | undefined): void {
    this.#firstAt = Math.min(this.#firstAt, outcome.at);
    this.#lastAt = Math.max(this.#lastAt, outcome.at);
    if (before !== undefined) {
      this.stale ||= before.wrong !== outcome.wrong;
      return;
    }
    if (outcome.wrong) this.#wrong++;
    if (outcome.probability < this.#process.minProbability) this.stale = true;
    else if (!this.stale) this.#process.observe(outcome.wrong, outcome.probability);
  }

  recompute(outcomes: readonly AuditOutcome[]): void {
    const least = Math.min(...outcomes.map(({ probability }) => probability));
    this.#process = new ErrorProcess(this.certificate.maxError, least);
    this.#wrong = 0;
    for (const { wrong, probability } of outcomes) {
      this.#process.observe(wrong, probability);
      if (wrong) this.#wrong++;
    }
    this.stale = false;
  }

  state(): WatchState {
    return {
      taskId: this.taskId,
      task: this.task,
      process: this.#process.toJSON(),
      wrong: this.#wrong,
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
    };
  }

  evidence(outcomes: readonly AuditOutcome[]) {
    const { id, model, version, maxError, confidence } = this.certificate;
    const counts = outcomes.map(({ wrong, probability }) => ({
      probability,
      wrong: Number(wrong),
      right: Number(!wrong),
    }));
    return {
      certificate: id,
      model,
      model_version: version,
      max_error: maxError,
      confidence,
      audited: outcomes.length,
      wrong: this.#wrong,
      estimate: hajekError(counts)?.error ?? null,
      e_value: Math.round(this.#process.value * 1000) / 1000,
      limit: Math.round(this.limit * 1000) / 1000,
      method:
        'e-process over the audit outcomes, weighted by 1/π, looked at after each batch (Ville: P(ever ≥ 1/α) ≤ α)',
      first_audit_at: new Date(this.#firstAt).toISOString(),
      last_audit_at: new Date(this.#lastAt).toISOString(),
    };
  }

  reason(estimate: number | null): string {
    const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
    const about = estimate === null ? '' : ` (estimated ${percent(estimate)})`;
    const { maxError, version } = this.certificate;
    return `Audits show that the error of version ${version}${about} is above the budget of ${percent(maxError)}.`;
  }
}
