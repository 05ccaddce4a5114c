import type { Clock } from '@understudy/kernel';
import type { FiguresReader, LedgerStorage, RecordReader } from '@understudy/ledger';

export type { CommitRow, Figures, FiguresQuery, FiguresReader, LedgerStorage, RecordReader } from '@understudy/ledger';

/** What a task says about its money, as it stands now. */
export interface Economics {
  /** ISO 4217. */
  currency: string;
  /** What one item takes by hand. */
  minutesPerItem: number;
  /** Decimal strings. */
  costPerHour: string;
  costOfError: string;
  infrastructurePerMonth: string;
}

export interface PricedTask {
  id: string;
  slug: string;
  title: string;
  economics: Economics;
}

/** The tasks of a workspace, from the decisions room. */
export interface TaskCatalogue {
  /** Throws `task_not_found`. */
  find(workspace: string, slug: string): Promise<PricedTask>;
  /** All of them, in order of slug. */
  list(workspace: string): Promise<PricedTask[]>;
}

/** What the report is made from. */
export interface ValuePorts {
  figures: FiguresReader;
  tasks: TaskCatalogue;
  ledger: Pick<LedgerStorage, 'commitsBySeq' | 'commits'>;
  records: RecordReader;
  clock: Clock;
}
