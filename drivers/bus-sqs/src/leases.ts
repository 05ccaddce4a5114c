import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';

const BATCH = 10;
/** Tries to delete what could not be deleted; it comes again otherwise, and is known by its id then. */
const DELETE_TRIES = 3;

/** A received message. It is ours while its lease lasts. */
export interface Lease {
  readonly message: Message;
  readonly bytes: number;
  /** How often this process has handed it over. */
  tries: number;
  /** On the steady clock: until then nobody else gets it. */
  until: number;
  lost: boolean;
}

/** Prolongs the leases of everything that is held, ends them, and tells which were lost. */
export class Leases {
  readonly #client: SQSClient;
  readonly #url: string;
  readonly #visibilityMs: number;
  readonly #held = new Set<Lease>();
  readonly #onLost: (lost: readonly Lease[]) => void;
  readonly #timer: NodeJS.Timeout;
  #prolonging = false;

  constructor(client: SQSClient, url: string, visibilitySeconds: number, onLost: (lost: readonly Lease[]) => void) {
    this.#client = client;
    this.#url = url;
    this.#visibilityMs = visibilitySeconds * 1000;
    this.#onLost = onLost;
    // A third of it is left when a first try has failed.
    this.#timer = setInterval(() => void this.#tick(), this.#visibilityMs / 6);
  }

  get size(): number {
    return this.#held.size;
  }

  get bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#held) sum += bytes;
    return sum;
  }

  /** @param since when the request that brought it was sent, on the steady clock */
  add(message: Message, since: number): Lease {
    const bytes = Buffer.byteLength(message.Body ?? '');
    const lease = { message, bytes, tries: 0, until: since + this.#visibilityMs, lost: false };
    this.#held.add(lease);
    return lease;
  }

  /** Done: the queue forgets them. */
  async remove(leases: readonly Lease[]): Promise<void> {
    for (const lease of leases) this.#held.delete(lease);
    await Promise.all(chunks(leases).map((some) => this.#delete(some)));
  }

  /** Not done: others get them at once. */
  async giveBack(leases: readonly Lease[]): Promise<void> {
    for (const lease of leases) this.#held.delete(lease);
    // What cannot be given back comes again when its lease ends.
    await Promise.all(chunks(leases).map((some) => this.#change(some, 0).catch(() => [])));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #tick(): Promise<void> {
    const now = performance.now();
    this.#lose([...this.#held].filter(({ until }) => until <= now));
    if (this.#prolonging) return;
    this.#prolonging = true;
    try {
      const due = [...this.#held].filter(({ until }) => until - now < (this.#visibilityMs * 2) / 3);
      await Promise.all(chunks(due).map((some) => this.#prolong(some)));
    } finally {
      this.#prolonging = false;
    }
  }

  async #prolong(leases: readonly Lease[]): Promise<void> {
    const since = performance.now();
    try {
      const gone = await this.#change(leases, this.#visibilityMs / 1000);
      for (const lease of leases) if (!gone.includes(lease)) lease.until = since + this.#visibilityMs;
      this.#lose(gone);
    } catch {
      // Tried again at the next tick, until the lease is over.
    }
  }

  #lose(leases: readonly Lease[]): void {
    const lost = leases.filter((lease) => this.#held.delete(lease));
    for (const lease of lost) lease.lost = true;
    if (lost.length > 0) this.#onLost(lost);
  }

  /** Answers those that are not ours any more. */
  async #change(leases: readonly Lease[], seconds: number): Promise<Lease[]> {
    const answer = await this.#client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: this.#url,
        Entries: leases.map(({ message }, index) => ({
          Id: String(index),
          ReceiptHandle: message.ReceiptHandle!,
          VisibilityTimeout: Math.ceil(seconds),
        })),
      }),
    );
    return (answer.Failed ?? []).filter(({ SenderFault }) => SenderFault).map(({ Id }) => leases[Number(Id)]!);
  }

  async #delete(leases: readonly Lease[]): Promise<void> {
    let left = [...leases];
    for (let round = 0; round < DELETE_TRIES && left.length > 0; round++) {
      try {
        const answer = await this.#client.send(
          new DeleteMessageBatchCommand({
            QueueUrl: this.#url,
            Entries: left.map(({ message }, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle! })),
          }),
        );
        const failed = (answer.Failed ?? []).filter(({ SenderFault }) => !SenderFault);
        left = failed.map(({ Id }) => left[Number(Id)]!);
      } catch {
        // the SDK has tried three times by itself
      }
    }
  }
}

function chunks<T>(list: readonly T[]): T[][] {
  const all: T[][] = [];
  for (let index = 0; index < list.length; index += BATCH) all.push(list.slice(index, index + BATCH));
  return all;
}
