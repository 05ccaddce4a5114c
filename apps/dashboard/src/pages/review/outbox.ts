/** One thing that a reviewer did, on its way to the server. Holds no content of the item. */
export interface OutboxEntry {
  /** The Idempotency-Key: the same over every try, so that nothing is done twice. */
  id: string;
  action: 'verdict' | 'skip' | 'escalate' | 'release';
  item: string;
  claim_token: string;
  label?: string;
  seconds?: number;
  note?: string;
}

export type Settled<A> = { ok: true; answer: A } | { ok: false; error: unknown };

export interface OutboxPorts<A> {
  send(entry: OutboxEntry): Promise<A>;
  /** Whether the same entry may succeed later: no connection, an overloaded server. */
  isTemporary(error: unknown): boolean;
  load(): OutboxEntry[];
  save(entries: readonly OutboxEntry[]): void;
  /** Waits, or until the signal. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  onSettled(entry: OutboxEntry, outcome: Settled<A>): void;
  onChange(): void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Sends what a reviewer decides, one after the other, in order, until each is answered for good. What is not sent
 * survives a reload and a lost connection.
 */
export class Outbox<A> {
  readonly #ports: OutboxPorts<A>;
  #entries: OutboxEntry[];
  #inFlight: string | null = null;
  #failing = false;
  #running = false;
  #wake = new AbortController();

  constructor(ports: OutboxPorts<A>) {
    this.#ports = ports;
    this.#entries = ports.load();
  }

  get entries(): readonly OutboxEntry[] {
    return this.#entries;
  }

  /** The last try did not reach the server; the next one comes by itself. */
  get failing(): boolean {
    return this.#failing;
  }

  add(entry: OutboxEntry): void {
    this.#change([...this.#entries, entry]);
    void this.run();
  }

  /** Takes an entry back that was not sent yet. False when it is too late. */
  cancel(id: string): boolean {
    if (this.#inFlight === id || !this.#entries.some((entry) => entry.id === id)) return false;
    this.#change(this.#entries.filter((entry) => entry.id !== id));
    return true;
  }

  /** Tries at once instead of at the end of the pause, e.g. when the connection is back. */
  retryNow(): void {
    this.#wake.abort();
    void this.run();
  }

  /** Works until nothing is left. One at a time, whoever calls. */
  async run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    let pause = FIRST_PAUSE_MS;
    try {
      for (;;) {
        const entry = this.#entries[0];
        if (entry === undefined) return;
        this.#inFlight = entry.id;
        const outcome = await this.#ports.send(entry).then(
          (answer): Settled<A> => ({ ok: true, answer }),
          (error: unknown): Settled<A> => ({ ok: false, error }),
        );
        this.#inFlight = null;
        if (!outcome.ok && this.#ports.isTemporary(outcome.error)) {
          this.#fail(true);
          this.#wake = new AbortController();
          await this.#ports.wait(pause, this.#wake.signal);
          pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
          continue;
        }
        pause = FIRST_PAUSE_MS;
        this.#fail(false);
        this.#change(this.#entries.filter(({ id }) => id !== entry.id));
        this.#ports.onSettled(entry, outcome);
      }
    } finally {
      this.#running = false;
    }
  }

  #fail(failing: boolean): void {
    if (this.#failing === failing) return;
    this.#failing = failing;
    this.#ports.onChange();
  }

  #change(entries: OutboxEntry[]): void {
    this.#entries = entries;
    this.#ports.save(entries);
    this.#ports.onChange();
  }
}
