import type { Config } from '../config.ts';
import type { BusyReport } from '../http/load/busy-report.ts';

/** What the parent says to the process beside it. Sent with structured clone, so that sets stay sets. */
export type ToWorker =
  | { kind: 'start'; config: Config }
  | { kind: 'metrics'; id: number }
  /** While requests come: background work stands back behind them. */
  | { kind: 'gateway'; report: BusyReport }
  | { kind: 'stop' };

/** And what it hears back. */
export type FromWorker =
  | { kind: 'started'; url: string }
  | { kind: 'failed'; message: string }
  /** As `prom-client` gives them: they are added up with the parent's own. */
  | { kind: 'metrics'; id: number; metrics: object[] };
