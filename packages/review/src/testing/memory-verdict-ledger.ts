import { ledgerErrors } from '@understudy/ledger';
import type { VerdictLabel, VerdictLedger } from '../ports.ts';

type Content = Awaited<ReturnType<VerdictLedger['decision']>>;

/** A ledger that can be told to fail before or after it has written. */
export class MemoryVerdictLedger implements VerdictLedger {
  readonly labels: VerdictLabel[] = [];
  readonly decisions = new Map<string, Content>();
  /** Called before a label is written; throws to refuse it. */
  beforeAppend: () => void | Promise<void> = () => {};
  /** Called after; throws to lose the answer. */
  afterAppend: () => void | Promise<void> = () => {};

  async append(_workspace: string, label: VerdictLabel): Promise<void> {
    await this.beforeAppend();
    if (this.labels.some(({ id }) => id === label.id)) throw new Error('duplicate key');
    this.labels.push(label);
    await this.afterAppend();
  }

  async has(_workspace: string, decision: string, label: string): Promise<boolean> {
    return this.labels.some((one) => one.id === label && one.decision === decision);
  }

  async decision(_workspace: string, id: string): Promise<Content> {
    const content = this.decisions.get(id);
    if (content === undefined) throw ledgerErrors.decision_not_found('There is no such decision.');
    return content;
  }
}
