import { actingFor, type Clock, type Logger } from '@understudy/kernel';
import type { Certification, CertificationStatus } from './certification.ts';

/** A task with how many labels it was ever given. */
export interface LabelledTask {
  workspace: string;
  slug: string;
  taskId: string;
  labels: number;
}

export interface RenewalPorts {
  /** Every task of every workspace that has labels. */
  tasks(): Promise<LabelledTask[]>;
  certification: Pick<Certification, 'status' | 'certify'>;
  /** Told of every attempt that issued a certificate, so that serving follows at once. */
  certified(workspace: string, slug: string): void;
  clock: Clock;
  logger: Logger;
}

/** Who asks, in the audit log. */
const POLICY = 'policy';
/** An attempt needs this many new labels at least, and this share of the rows of the last. */
const LEAST_NEW = 20;
const LEAST_SHARE = 0.3;

/**
 * Certifies champions again by themselves when labels have come that may do what was missing: after a suspension, and
 * while a task is not certifiable yet. Each attempt spends its own δ, so there are few: each waits for the number of
 * labels that the last one said it needs, and for nearly a third more rows than the last one had.
 */
export class Renewal {
  readonly #ports: RenewalPorts;
  /** Labels that a task had at its last attempt, or when it was first seen by this process. */
  readonly #tried = new Map<string, number>();
  /** Labels at the last look that changed nothing. */
  readonly #looked = new Map<string, number>();
  /** Of the term in which `check` was called last. */
  #term: AbortSignal | undefined;

  constructor(ports: RenewalPorts) {
    this.#ports = ports;
  }

  /**
   * Looks at every task that has new labels; returns the slugs of those that it certified anew, with whatever result.
   * Stops early when `term` is aborted. With another signal than before it forgets what it knew: another process may
   * have spent attempts in between.
   */
  async check(term?: AbortSignal): Promise<string[]> {
    if (term !== this.#term) {
      this.#term = term;
      this.#tried.clear();
      this.#looked.clear();
    }
    const attempted: string[] = [];
    for (const task of await this.#ports.tasks()) {
      if (term?.aborted === true) break;
      try {
        if (await this.#look(task)) attempted.push(task.slug);
      } catch (error) {
        this.#ports.logger.warn({ err: error, task: task.slug }, 'could not certify a task again; it is tried again');
      }
    }
    return attempted;
  }

  async #look(task: LabelledTask): Promise<boolean> {
    const { certification, certified } = this.#ports;
    const key = `${task.workspace}/${task.taskId}`;
    if (this.#looked.get(key) === task.labels) return false;
    const status = await certification.status(task.workspace, task.slug);
    this.#looked.set(key, task.labels);
    const tried = this.#tried.get(key);
    if (tried === undefined || tried > task.labels) {
      this.#tried.set(key, task.labels);
      return false;
    }
    if (!pays(status, task.labels - tried)) return false;
    this.#tried.set(key, task.labels);
    const principal = actingFor(task.workspace, POLICY);
    await certification.certify(principal, task.slug, '');
    certified(task.workspace, task.slug);
    return true;
  }
}

/** Whether so many new labels may turn "not in force" into a certificate. */
export function pays({ task, scores, certificate, inForce }: CertificationStatus, newLabels: number): boolean {
  if (inForce || scores === null || certificate === null) return false;
  const { maxError, confidence } = task.budget;
  const errorless = Math.ceil(Math.log(1 - confidence) / Math.log(1 - maxError));
  if (certificate.status === 'suspended') return newLabels >= errorless;
  if (newLabels < Math.max(LEAST_NEW, LEAST_SHARE * scores.rows.length)) return false;
  const needed = certificate.needed?.labels ?? null;
  // Without a number more labels were not what was missing: a rare look, as the estimate may have been bad luck.
  return scores.rows.length + newLabels >= (needed ?? 3 * (scores.rows.length + errorless));
}
