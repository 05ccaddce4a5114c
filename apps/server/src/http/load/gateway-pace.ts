import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How busy a gateway is, as background work may know. */
export interface Busyness {
  /** When the last request came, by performance.now(). */
  readonly lastRequestAt: number;
  /** When the last one was turned away, by performance.now(). */
  readonly lastShedAt: number;
  /** Rows that wait to be written for requests that wait for them. */
  readonly waitingRows: number;
  /** Milliseconds that a group of such rows took, or that the one under way takes already: the worst since the last call. */
  writing(): number;
}

/** What is measured, in milliseconds. Replaced in tests. */
export interface PaceClock {
  now(): number;
  /** How late the gateway's event loop was, at worst, since the last call. */
  lag(): number;
}

/** Nobody has asked for anything for so long: background work goes on as if it were alone. */
const QUIET_MS = 500;
const MEASURE_MS = 50;
/** A turn of the event loop that is later than this is felt by whoever waits. */
const LATE_MS = 5;
/** A group that takes longer than this has waited, for the workspace's log or for the machine. */
const SLOW_WRITING_MS = 15;
/** The share grows by this much a measurement, and shrinks by this factor: as congestion control does (AIMD, RFC 5681). */
const GROWTH = 0.02;
const SHRINKING = 0.6;
const LEAST = 1 / 16;
/** While requests come, from one step to the next: each ends in a commit that theirs may wait for. */
const SPACING_MS = 40;
/** Requests were turned away so lately, or so many rows queue: background work takes nothing. */
const SHED_MS = 1_000;
const QUEUE_ROWS = 4_000;
/** Even so it is not starved: after so long it takes a least step. */
const LONGEST_PAUSE_MS = 2_000;

/**
 * How large the steps of background work may be that shares a machine with a gateway: small ones, with pauses, while
 * requests come, smaller ones when the gateway's event loop runs late or its rows take long to be written (a worker's
 * commit holds the workspace's log, which theirs wait for), and none for a while when requests are turned away.
 */
export class GatewayPace {
  readonly #gateway: Busyness;
  readonly #clock: PaceClock;
  #share = LEAST;
  #measuredAt = Number.NEGATIVE_INFINITY;
  /** When background work last took a step. */
  #steppedAt: number;

  constructor(gateway: Busyness, clock: PaceClock = realClock()) {
    this.#gateway = gateway;
    this.#clock = clock;
    this.#steppedAt = clock.now();
  }

  /** Share of its usual batch that background work takes next, 0 (nothing) to 1. To be asked once before each step. */
  share(): number {
    const now = this.#clock.now();
    this.#measure(now);
    if (this.#pressed(now)) {
      if (now - this.#steppedAt < LONGEST_PAUSE_MS) return 0;
      this.#steppedAt = now;
      return LEAST;
    }
    const quiet = now - this.#gateway.lastRequestAt > QUIET_MS;
    if (!quiet && now - this.#steppedAt < SPACING_MS) return 0;
    this.#steppedAt = now;
    return quiet ? 1 : this.#share;
  }

  #pressed(now: number): boolean {
    const { lastShedAt, waitingRows } = this.#gateway;
    return now - lastShedAt < SHED_MS || waitingRows > QUEUE_ROWS;
  }

  #measure(now: number): void {
    if (now - this.#measuredAt < MEASURE_MS) return;
    this.#measuredAt = now;
    const late = this.#clock.lag() > LATE_MS || this.#gateway.writing() > SLOW_WRITING_MS || this.#pressed(now);
    this.#share = late ? Math.max(LEAST, this.#share * SHRINKING) : Math.min(1, this.#share + GROWTH);
  }
}

const RESOLUTION_MS = 5;

/** Of the process that it is called in. */
export function realClock(): PaceClock {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return {
    now: () => performance.now(),
    lag() {
      // The histogram holds whole intervals between its samples, in nanoseconds; empty, its greatest is none.
      const worst = delay.count === 0 ? 0 : delay.max / 1e6 - RESOLUTION_MS;
      delay.reset();
      return Math.max(0, worst);
    },
  };
}
