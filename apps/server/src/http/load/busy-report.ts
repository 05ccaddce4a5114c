import type { Busyness, PaceClock } from './gateway-pace.ts';

/** How busy a gateway is, for a process with another clock: ages in milliseconds, null for never. */
export interface BusyReport {
  requestAgo: number | null;
  shedAgo: number | null;
  waitingRows: number;
  writingMs: number;
  lagMs: number;
}

export function busyReport(gateway: Busyness, clock: PaceClock): BusyReport {
  const now = clock.now();
  const ago = (at: number) => (at === Number.NEGATIVE_INFINITY ? null : Math.max(0, now - at));
  return {
    requestAgo: ago(gateway.lastRequestAt),
    shedAgo: ago(gateway.lastShedAt),
    waitingRows: gateway.waitingRows,
    writingMs: gateway.writing(),
    lagMs: clock.lag(),
  };
}

/** The gateway of another process, as its last reports tell. Without any for a while, it is quiet. */
export class ReportedGateway implements Busyness, PaceClock {
  lastRequestAt = Number.NEGATIVE_INFINITY;
  lastShedAt = Number.NEGATIVE_INFINITY;
  waitingRows = 0;
  #writingMs = 0;
  #lagMs = 0;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  hear(report: BusyReport): void {
    const at = (ago: number | null) => (ago === null ? Number.NEGATIVE_INFINITY : this.#now() - ago);
    this.lastRequestAt = at(report.requestAgo);
    this.lastShedAt = at(report.shedAgo);
    this.waitingRows = report.waitingRows;
    // The worst since it was looked at: reports come oftener than steps are taken.
    this.#writingMs = Math.max(this.#writingMs, report.writingMs);
    this.#lagMs = Math.max(this.#lagMs, report.lagMs);
  }

  writing(): number {
    const worst = this.#writingMs;
    this.#writingMs = 0;
    return worst;
  }

  now(): number {
    return this.#now();
  }

  lag(): number {
    const worst = this.#lagMs;
    this.#lagMs = 0;
    return worst;
  }
}
