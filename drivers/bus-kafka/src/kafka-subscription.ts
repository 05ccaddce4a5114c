import type { BatchHandler, ConsumeOptions, Subscription, SubscriptionState } from '@understudy/events';
import type { Logger } from '@understudy/kernel';
import { GroupSession } from './group-session.ts';
import { describe, isMissingTopic } from './kafka-errors.ts';
import type { KafkaAddress } from './kafka-url.ts';
import type { PartitionQueue } from './partition-queue.ts';

/** Partitions that are worked on at once, at most. */
const AT_ONCE = 8;
const LONGEST_PAUSE_MS = 30_000;
/** A missing topic is looked for this often at least: somebody may be making it. */
const LONGEST_WAIT_FOR_TOPIC_MS = 2000;

/** Consumes one topic in one group: joins, hands batches of one partition to the handler, commits, joins again. */
export class KafkaSubscription implements Subscription {
  readonly #address: KafkaAddress;
  readonly #options: ConsumeOptions;
  readonly #handler: BatchHandler;
  readonly #logger: Logger;
  readonly #working = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #session: GroupSession | null = null;
  #joined = false;
  #paused = false;
  #busProblem: string | null = null;
  #handlerProblem: string | null = null;
  #closing: Promise<void> | null = null;
  #closed = false;

  constructor(address: KafkaAddress, options: ConsumeOptions, handler: BatchHandler, logger: Logger) {
    this.#address = address;
    this.#options = options;
    this.#handler = handler;
    this.#logger = logger.child({ topic: options.topic, group: options.group });
    this.#ended = this.#run();
  }

  get state(): SubscriptionState {
    if (this.#closed) return 'closed';
    if (this.problem !== null) return 'failing';
    if (this.#paused) return 'paused';
    return this.#joined ? 'running' : 'connecting';
  }

  get problem(): string | null {
    return this.#closed ? null : (this.#busProblem ?? this.#handlerProblem);
  }

  pause(): void {
    this.#paused = true;
    this.#session?.pause(true);
  }

  resume(): void {
    this.#paused = false;
    this.#session?.pause(false);
    this.#dispatch();
  }

  async lag(): Promise<number | null> {
    if (!this.#joined) return null;
    return this.#session?.lag().catch(() => null) ?? null;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#working);
    await this.#session?.close();
    await this.#ended;
    this.#closed = true;
  }

  get #stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopping; ) {
      const session = this.#openSession();
      this.#session = session;
      let problem: unknown;
      try {
        await this.#untilStop(session.join());
        if (this.#stopping) return; // #close() ends the session when the handlers are done
        failures = 0;
        this.#joined = true;
        this.#busProblem = null;
        await this.#untilStop(session.broken);
        if (this.#stopping) return;
      } catch (error) {
        if (this.#stopping) return;
        problem = error;
      }
      this.#joined = false;
      this.#busProblem = isMissingTopic(problem)
        ? `There is no topic "${this.#options.topic}", or the credentials may not see it.`
        : describe(problem);
      this.#logger.warn({ problem: this.#busProblem }, 'kafka consumer is without its group');
      await session.close();
      const most = isMissingTopic(problem) ? LONGEST_WAIT_FOR_TOPIC_MS : LONGEST_PAUSE_MS;
      await this.#wait(jitter(Math.min(200 * 2 ** failures++, most)));
    }
  }

  #openSession(): GroupSession {
    const { topic, group, from = 'earliest', bytes = 16 * 1024 * 1024 } = this.#options;
    const session = new GroupSession({
      address: this.#address,
      logger: this.#logger,
      topic,
      group,
      from,
      bytes,
      onMessages: () => this.#dispatch(),
      onHealth: (problem) => {
        this.#busProblem = problem;
      },
    });
    session.pause(this.#paused);
    return session;
  }

  /** Hands over what is ready: one batch a partition, several partitions at once. */
  #dispatch(): void {
    const session = this.#session;
    if (session === null) return;
    for (const partition of session.partitions) {
      if (this.#paused || this.#stopping || this.#working.size >= AT_ONCE) return;
      if (partition.busy || partition.length === 0) continue;
      partition.busy = true;
      const work = this.#handle(session, partition).finally(() => {
        this.#working.delete(work);
        session.pump(); // there is room again
        this.#dispatch();
      });
      this.#working.add(work);
    }
  }

  async #handle(session: GroupSession, partition: PartitionQueue): Promise<void> {
    const messages = partition.peek(this.#options.batch ?? 200);
    let done = 0;
    let pauseMs = 0;
    try {
      const result = await this.#handler({ messages, signal: partition.signal });
      if (partition.signal.aborted) return;
      const retry = (result?.retry ?? []).filter((index) => index >= 0 && index < messages.length);
      done = Math.min(messages.length, ...retry);
      pauseMs = retry.length === 0 ? 0 : (result?.afterMs ?? 200);
      partition.failures = 0;
      this.#handlerProblem = null;
    } catch (error) {
      if (partition.signal.aborted) return;
      this.#handlerProblem = error instanceof Error ? error.message : String(error);
      pauseMs = jitter(Math.min(200 * 2 ** partition.failures++, LONGEST_PAUSE_MS));
    }
    partition.done(done);
    partition.again(messages.length - done);
    if (done > 0) session.acknowledge();
    if (pauseMs > 0) this.#releaseLater(partition, pauseMs);
    else partition.busy = false;
  }

  #releaseLater(partition: PartitionQueue, milliseconds: number): void {
    setTimeout(() => {
      partition.busy = false;
      this.#dispatch();
    }, milliseconds).unref();
  }

  #untilStop(promise: Promise<unknown>): Promise<unknown> {
    return Promise.race([promise, this.#stopped()]);
  }

  async #stopped(): Promise<void> {
    if (this.#stopping) return;
    await new Promise<void>((done) => this.#stop.signal.addEventListener('abort', () => done(), { once: true }));
  }

  async #wait(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const elapsed = new Promise<void>((done) => {
      timer = setTimeout(done, milliseconds);
    });
    await Promise.race([elapsed, this.#stopped()]);
    clearTimeout(timer);
  }
}

/** Between half and the whole: many consumers do not come back at one moment. */
function jitter(milliseconds: number): number {
  return milliseconds * (0.5 + Math.random() / 2);
}
