import { GetQueueAttributesCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { BatchHandler, BatchResult, ConsumeOptions, Subscription, SubscriptionState } from '@understudy/events';
import { Bell } from '@understudy/events';
import type { Logger } from '@understudy/kernel';
import { HeldMessages } from './held-messages.ts';
import { type Lease, Leases } from './leases.ts';
import { busError } from './sqs-errors.ts';
import { decode } from './sqs-message.ts';
import type { Queue, SqsQueues } from './sqs-queues.ts';
import type { SqsAddress } from './sqs-url.ts';

/** SQS gives so many messages in one answer. */
const RECEIVE = 10;
/** Requests at once while there is more than one can bring. One waits when there is nothing. */
const PARALLEL = 8;
/** Between two tries after a failure: from, to. */
const RECONNECT_MS = [200, 10_000] as const;
/** After a handler has thrown: from, to. */
const FAILURE_MS = [200, 30_000] as const;
/** How much longer than a long poll closing waits for an answer. What it would have brought comes again later. */
const GRACE_MS = 2000;

export interface SubscriptionParts {
  client: SQSClient;
  queues: SqsQueues;
  address: Pick<SqsAddress, 'waitSeconds' | 'visibilitySeconds'>;
  log: Logger;
  closed: () => void;
}

interface Source {
  queue: Queue;
  leases: Leases;
  held: HeldMessages;
}

/** Receives from one queue and hands over, until it is closed. */
export class SqsSubscription implements Subscription {
  readonly #topic: string;
  readonly #limits: { batch: number; bytes: number };
  readonly #handler: BatchHandler;
  readonly #parts: SubscriptionParts;
  readonly #bell = new Bell();
  readonly #giveUp = new AbortController();
  readonly #loop: Promise<void>;
  #source: Source | null = null;
  #inHand: { leases: readonly Lease[]; gone: AbortController } | null = null;
  /** Messages that were asked for and may come; requests besides the one that waits. */
  #asked = 0;
  readonly #extra = new Set<Promise<void>>();
  #problem: string | null = null;
  #paused = false;
  /** The loop has seen the pause: nothing is handed over. */
  #quiet = false;
  #closing = false;
  #closed = false;

  constructor(options: ConsumeOptions, handler: BatchHandler, parts: SubscriptionParts) {
    const { topic, batch = 200, bytes = 16 * 1024 * 1024 } = options;
    this.#topic = topic;
    this.#limits = { batch, bytes };
    this.#handler = handler;
    this.#parts = parts;
    this.#loop = this.#run();
  }

  get state(): SubscriptionState {
    if (this.#closed) return 'closed';
    if (this.#problem !== null) return 'failing';
    if (this.#source === null) return 'connecting';
    return this.#paused && this.#quiet ? 'paused' : 'running';
  }

  get problem(): string | null {
    return this.#problem;
  }

  pause(): void {
    this.#paused = true;
    this.#bell.ring();
  }

  resume(): void {
    this.#paused = false;
    this.#bell.ring();
  }

  /** About: that is all that SQS promises. Delayed messages, and those that any consumer has in hand, are counted. */
  async lag(): Promise<number | null> {
    if (this.#source === null) return null;
    const names = ['', 'NotVisible', 'Delayed'].map((suffix) => `ApproximateNumberOfMessages${suffix}` as const);
    try {
      const command = new GetQueueAttributesCommand({
        QueueUrl: this.#source.queue.url,
        AttributeNames: names as ('ApproximateNumberOfMessages' | 'ApproximateNumberOfMessagesNotVisible')[],
      });
      const { Attributes = {} } = await this.#parts.client.send(command);
      const counts: Partial<Record<string, string>> = Attributes;
      return names.reduce((sum, name) => sum + Number(counts[name] ?? 0), 0);
    } catch {
      return null;
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#bell.ring();
    const timer = setTimeout(() => this.#giveUp.abort(), this.#parts.address.waitSeconds * 1000 + GRACE_MS);
    await this.#loop;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    await Promise.all([this.#receiveForEver(), this.#handleForEver()]);
    await Promise.all(this.#extra);
    if (this.#source !== null) {
      const { leases, held } = this.#source;
      await leases.giveBack(held.clear());
      leases.stop();
    }
    this.#closed = true;
    this.#parts.closed();
  }

  async #receiveForEver(): Promise<void> {
    let wait: number = RECONNECT_MS[0];
    while (!this.#closing) {
      try {
        const source = await this.#find();
        while (!this.#closing) {
          await this.#receive(source, true);
          this.#problem = null;
          wait = RECONNECT_MS[0];
        }
      } catch (error) {
        if (this.#closing) return;
        const { code, message } = busError(error);
        if (code === 'bus_topic_not_found' && this.#source !== null) this.#parts.queues.forget(this.#source.queue.name);
        if (this.#problem !== message) {
          this.#parts.log.warn({ topic: this.#topic, code, problem: message }, 'the consumer is interrupted');
        }
        this.#problem = message;
        await this.#sleep(wait * (0.5 + Math.random() / 2));
        wait = Math.min(wait * 2, RECONNECT_MS[1]);
      }
    }
  }

  async #find(): Promise<Source> {
    const queue = await this.#parts.queues.find(this.#topic);
    if (this.#source === null) {
      const held = new HeldMessages(this.#bell, queue.fifo);
      const onLost = (lost: readonly Lease[]) => {
        if (this.#inHand?.leases.some((lease) => lease.lost) === true) this.#inHand.gone.abort();
        void leases.giveBack(held.drop(lost));
      };
      const { client, address } = this.#parts;
      const leases = new Leases(client, queue.url, address.visibilitySeconds, onLost);
      this.#source = { queue, leases, held };
    }
    return this.#source;
  }

  /** One request, when there is room for what it brings. The one that `waits` calls for help when there is plenty. */
  async #receive(source: Source, waits: boolean): Promise<boolean> {
    const { queue, leases, held } = source;
    const room = Math.min(RECEIVE, this.#limits.batch * 2 - leases.size - this.#asked);
    if (this.#paused || room <= 0 || leases.bytes >= this.#limits.bytes) {
      if (waits && !this.#closing) await this.#bell.wait();
      return false;
    }
    this.#asked += room;
    const since = performance.now();
    try {
      const command = new ReceiveMessageCommand({
        QueueUrl: queue.url,
        MaxNumberOfMessages: room,
        WaitTimeSeconds: waits ? this.#parts.address.waitSeconds : 0,
        VisibilityTimeout: this.#parts.address.visibilitySeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      });
      const { Messages = [] } = await this.#parts.client.send(command, { abortSignal: this.#giveUp.signal });
      const received = Messages.map((message) => leases.add(message, waits ? performance.now() : since));
      if (this.#paused || this.#closing) {
        await leases.giveBack(received);
        return false;
      }
      this.#problem = null;
      held.add(received);
      if (received.length === room && room === RECEIVE && this.#extra.size < PARALLEL) this.#help(source);
      return received.length > 0;
    } finally {
      this.#asked -= room;
    }
  }

  #help(source: Source): void {
    const helper = (async () => {
      try {
        while (!this.#closing && (await this.#receive(source, false)));
      } catch {
        // The request that waits meets the same, and tells.
      }
    })();
    this.#extra.add(helper);
    void helper.then(() => this.#extra.delete(helper));
  }

  async #handleForEver(): Promise<void> {
    let wait: number = FAILURE_MS[0];
    while (!this.#closing) {
      const source = this.#source;
      if (source !== null && this.#paused) await source.leases.giveBack(source.held.clear());
      this.#quiet = this.#paused;
      const leases = this.#quiet ? [] : (source?.held.take(this.#limits.batch, this.#limits.bytes) ?? []);
      if (source === null || leases.length === 0) {
        if (!this.#closing) await this.#bell.wait();
        continue;
      }
      const threw = await this.#handle(source, leases);
      this.#bell.ring(); // there is room
      if (threw) {
        await this.#sleep(wait);
        wait = Math.min(wait * 2, FAILURE_MS[1]);
      } else {
        wait = FAILURE_MS[0];
      }
    }
  }

  /** Whether the handler threw. */
  async #handle({ leases: all, held }: Source, leases: readonly Lease[]): Promise<boolean> {
    const gone = new AbortController();
    this.#inHand = { leases, gone };
    let result: BatchResult | undefined;
    let threw = false;
    try {
      const messages = leases.map(({ message, tries }) => decode(message, tries));
      result = await this.#handler({ messages, signal: gone.signal });
    } catch (error) {
      this.#parts.log.warn({ topic: this.#topic, problem: String(error) }, 'a batch could not be handled');
      threw = true;
    }
    this.#inHand = null;
    const ours = (lease: Lease) => !lease.lost;
    if (gone.signal.aborted) {
      // In a FIFO queue, what was lost comes before what is still ours.
      await all.giveBack(leases.filter(ours));
      return threw;
    }
    if (threw) {
      // Not given back: queues set aside what was received too often, and this is no fault of the messages.
      held.again(leases, 0);
      return true;
    }
    const retry = new Set(result?.retry ?? []);
    held.again(
      leases.filter((lease, index) => retry.has(index) && ours(lease)),
      result?.afterMs ?? 0,
    );
    await all.remove(leases.filter((_, index) => !retry.has(index)));
    return false;
  }

  async #sleep(ms: number): Promise<void> {
    for (const end = performance.now() + ms; !this.#closing; ) {
      const left = end - performance.now();
      if (left <= 0) return;
      await this.#bell.wait(left);
    }
  }
}
