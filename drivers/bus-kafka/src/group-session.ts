import {
  Consumer,
  FetchIsolationLevels,
  type fetchV17,
  ListOffsetTimestamps,
  offsetCommitV8,
} from '@platformatic/kafka';
import type { Logger } from '@understudy/kernel';
import { clientOptions, within } from './client-options.ts';
import { describe, has, isMissingTopic } from './kafka-errors.ts';
import type { KafkaAddress } from './kafka-url.ts';
import { PartitionQueue } from './partition-queue.ts';
import { sharePartitions } from './partition-shares.ts';

/** A fetch with nothing to bring waits so long: afterwards partitions that have room again are asked, too. */
const LONGEST_POLL_MS = 250;
const FETCH_BYTES = 8 * 1024 * 1024;
const PARTITION_BYTES = 1024 * 1024;
const LEAST_BYTES = 16 * 1024;
const FETCH_TRIES = 5;
/** Requests of ours that were not answered by then are given up: the client may have lost them. */
const LONGEST_REQUEST_MS = 10_000;

export interface SessionOptions {
  address: KafkaAddress;
  topic: string;
  group: string;
  from: 'earliest' | 'latest';
  /** Bytes that may wait here, about. */
  bytes: number;
  logger: Logger;
  /** Something may be worked on now. */
  onMessages(): void;
  /** How it goes: null is well, else what is wrong. */
  onHealth(problem: string | null): void;
}

/**
 * One membership in a consumer group, from joining until it breaks or is closed. Group protocol "classic", which every
 * broker since 2.4 speaks; of the client we use membership, heartbeats and requests. Fetching is ours, because a
 * partition must be held back, resumed and given up alone; committing is ours, because the client would join anew and
 * then commit for partitions that went to another member.
 */
export class GroupSession {
  readonly #options: SessionOptions;
  readonly #consumer: ReturnType<typeof openConsumer>;
  readonly #partitions = new Map<number, PartitionQueue>();
  readonly #fetching = new Set<number>();
  #generation = -1;
  #member = '';
  #topicId = '';
  #partitionCount = 0;
  #assignments = 0;
  #paused = false;
  #pumping = false;
  #pumpAgain = false;
  #fetchFailures = 0;
  #committing: Promise<void> | null = null;
  #over = false;
  #wake: () => void = () => {};
  #fail!: (error: unknown) => void;
  /** Rejects with the reason when the membership is broken. */
  readonly broken: Promise<never>;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.broken = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.broken.catch(() => {});
    this.#consumer = openConsumer(options.address, options.group);
    const consumer = this.#consumer;
    consumer.on('error', (error: unknown) => this.#break(error));
    consumer.on('consumer:heartbeat:stalled', ({ lastError }) =>
      this.#break(lastError ?? new Error('the group coordinator does not answer')),
    );
    consumer.on('consumer:group:join', ({ memberId, generationId, assignments }) => {
      const indexes = assignments?.find(({ topic }) => topic === options.topic)?.partitions ?? [];
      this.#assigned(memberId, generationId ?? -1, indexes).catch((error: unknown) => this.#break(error));
    });
  }

  get partitions(): Iterable<PartitionQueue> {
    return this.#partitions.values();
  }

  /** Resolves as a member of the group; throws when that cannot be. */
  async join(): Promise<void> {
    const topic = await this.#readTopic(true);
    this.#topicId = topic.id;
    this.#partitionCount = topic.partitionsCount;
    this.#consumer.topics.track(this.#options.topic);
    const longest = 2 * this.#options.address.sessionMs + LONGEST_REQUEST_MS; // the others have to come back first
    await within(longest, 'joining the group', Promise.race([this.#consumer.joinGroup({}), this.broken]));
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    this.pump();
  }

  /** Commits what the partition has acknowledged, soon. */
  acknowledge(): void {
    if (this.#over) return;
    this.#committing ??= this.#commit().finally(() => {
      this.#committing = null;
      if (this.#moved().length > 0) this.acknowledge(); // between its last look and now
    });
  }

  /** Fetches where there is room. */
  pump(): void {
    if (this.#over) return;
    if (this.#pumping) {
      // What it has looked at already may have changed: it looks again when it is done.
      this.#pumpAgain = true;
      return;
    }
    this.#pumping = true;
    this.#startFetches()
      .catch((error: unknown) => this.#fetchFailed(error))
      .finally(() => {
        this.#pumping = false;
        if (!this.#pumpAgain) return;
        this.#pumpAgain = false;
        this.pump();
      });
  }

  /** What waits for the group in all partitions, by what the group has committed. */
  async lag(): Promise<number> {
    const { topic, from } = this.#options;
    const { partitionsCount } = await this.#readTopic(false);
    const partitions = Array.from({ length: partitionsCount }, (_, index) => index);
    const [ends, starts, committed] = await Promise.all([
      this.#consumer.listOffsets({ topics: [topic], timestamp: ListOffsetTimestamps.LATEST }),
      this.#consumer.listOffsets({ topics: [topic], timestamp: ListOffsetTimestamps.EARLIEST }),
      this.#consumer.listCommittedOffsets({ topics: [{ topic, partitions }] }),
    ]);
    return partitions.reduce((sum, index) => {
      const end = ends.get(topic)?.[index] ?? 0n;
      const start = starts.get(topic)?.[index] ?? 0n;
      const stored = committed.get(topic)?.[index] ?? -1n;
      const next = stored >= 0n ? stored : from === 'earliest' ? start : end;
      return sum + Math.max(0, Number(end - (next < start ? start : next)));
    }, 0);
  }

  /** Commits what is acknowledged and leaves the group, so that others take over at once. */
  async close(): Promise<void> {
    if (!this.#over && this.#partitions.size > 0) {
      this.acknowledge();
      await within(5000, 'the last commit', this.#committing ?? Promise.resolve()).catch((error: unknown) => {
        this.#options.logger.warn({ problem: describe(error) }, 'the last offsets were not committed');
      });
    }
    this.#end();
    await within(5000, 'leaving the group', this.#consumer.close(true)).catch(() => {});
  }

  #break(error: unknown): void {
    if (this.#over) return;
    this.#end();
    this.#fail(error);
  }

  #end(): void {
    this.#over = true;
    for (const partition of this.#partitions.values()) partition.lose();
    this.#partitions.clear();
    this.#wake();
  }

  async #readTopic(fresh: boolean) {
    const { topic } = this.#options;
    const metadata = await this.#consumer.metadata({
      topics: [topic],
      ...(fresh ? { forceUpdate: true, retries: 1 } : {}),
    });
    const found = metadata.topics.get(topic);
    if (found === undefined) throw new Error(`no metadata of topic ${topic}`);
    return found;
  }

  /**
   * A rebalance is done. A member that kept its name was in every round of the group, so nobody else had the
   * partitions that stay with it; one that was thrown out begins anew with all of them.
   */
  async #assigned(member: string, generation: number, indexes: readonly number[]): Promise<void> {
    const round = ++this.#assignments;
    const { topic, logger } = this.#options;
    const stayed = member === this.#member;
    this.#member = member;
    this.#generation = generation;
    for (const [index, partition] of this.#partitions) {
      if (stayed && indexes.includes(index)) continue;
      partition.lose();
      this.#partitions.delete(index);
    }
    this.#wake();
    const fresh = indexes.filter((index) => !this.#partitions.has(index));
    logger.info({ topic, generation, partitions: indexes.length, fresh: fresh.length }, 'kafka partitions assigned');
    const begun = await within(LONGEST_REQUEST_MS, 'reading the offsets', this.#begin(fresh));
    if (round !== this.#assignments || this.#over) return; // the next rebalance was faster, and begins them itself
    for (const partition of begun) this.#partitions.set(partition.index, partition);
    this.#options.onHealth(null);
    this.acknowledge();
    this.pump();
  }

  /** Where the group stands in these partitions; where it stands nowhere, at the beginning or the end. */
  async #begin(indexes: readonly number[]): Promise<PartitionQueue[]> {
    if (indexes.length === 0) return [];
    const { topic, from } = this.#options;
    const partitions = [...indexes];
    const stored = await this.#consumer.listCommittedOffsets({ topics: [{ topic, partitions }] });
    const committed = (index: number) => stored.get(topic)?.[index] ?? -1n;
    const unread = partitions.filter((index) => committed(index) < 0n);
    const timestamp = from === 'earliest' ? ListOffsetTimestamps.EARLIEST : ListOffsetTimestamps.LATEST;
    const edges =
      unread.length === 0
        ? undefined
        : await this.#consumer.listOffsets({ topics: [topic], partitions: { [topic]: unread }, timestamp });
    return partitions.map((index) => {
      const known = committed(index);
      return new PartitionQueue(index, known >= 0n ? known : (edges?.get(topic)?.[index] ?? 0n), known);
    });
  }

  async #startFetches(): Promise<void> {
    const ready = this.#withRoom();
    if (ready.length === 0) return;
    const topic = await this.#readTopic(false);
    if (topic.id !== this.#topicId) throw new Error(`topic ${this.#options.topic} was made anew`);
    // A new membership shares the new ones out.
    if (topic.partitionsCount !== this.#partitionCount) throw new Error('the number of partitions has changed');
    const byLeader = Map.groupBy(ready, ({ index }) => topic.partitions[index]?.leader ?? -1);
    for (const [leader, partitions] of byLeader) {
      if (leader < 0) {
        this.#consumer.clearMetadata();
        this.#pumpLater(200);
      } else if (!this.#fetching.has(leader) && !this.#over) {
        this.#fetching.add(leader);
        within(LONGEST_REQUEST_MS, 'fetching', this.#fetch(leader, topic.id, partitions))
          .then(() => this.#fetchWorked())
          .catch((error: unknown) => this.#fetchFailed(error))
          .finally(() => {
            this.#fetching.delete(leader);
            if (this.#fetchFailures === 0) this.pump();
          });
      }
    }
  }

  #withRoom(): PartitionQueue[] {
    if (this.#paused || this.#room() <= 0) return [];
    const share = this.#options.bytes / this.#partitions.size;
    return [...this.#partitions.values()].filter(({ bytes }) => bytes < share);
  }

  #room(): number {
    let bytes = this.#options.bytes;
    for (const partition of this.#partitions.values()) bytes -= partition.bytes;
    return bytes;
  }

  async #fetch(node: number, topicId: string, partitions: readonly PartitionQueue[]): Promise<void> {
    const most = Math.min(Math.max(this.#room(), LEAST_BYTES), FETCH_BYTES);
    const asked = new Map(partitions.map((partition) => [partition.index, { partition, from: partition.position }]));
    const response = await this.#consumer
      .fetch({
        node,
        maxBytes: most,
        topics: [
          {
            topicId,
            partitions: [...asked].map(([partition, { from }]) => ({
              partition,
              fetchOffset: from,
              partitionMaxBytes: Math.min(most, PARTITION_BYTES),
              currentLeaderEpoch: -1,
              lastFetchedEpoch: -1,
            })),
          },
        ],
      })
      .catch((error: unknown) => {
        if (!this.#resetOutOfRange(error, asked)) throw error;
        return null;
      });
    let news = false;
    for (const fetched of response?.responses.flatMap((one) => one.partitions) ?? []) {
      const request = asked.get(fetched.partitionIndex);
      if (request?.partition.add(fetched, request.from) === true) news = true;
    }
    if (news) this.#options.onMessages();
    else this.acknowledge(); // markers may have moved the end
  }

  /** What was to be read next is gone (retention, or a topic cut short): on with the oldest that is there. */
  #resetOutOfRange(error: unknown, asked: ReadonlyMap<number, { partition: PartitionQueue; from: bigint }>): boolean {
    if (has(error, ['OFFSET_OUT_OF_RANGE']) === null) return false;
    const { response } = error as { response?: fetchV17.FetchResponse };
    const gone = (response?.responses ?? [])
      .flatMap((one) => one.partitions)
      .filter(({ errorCode }) => errorCode === 1);
    for (const { partitionIndex: index, logStartOffset } of gone) {
      const request = asked.get(index);
      if (request === undefined || this.#partitions.get(index) !== request.partition) continue;
      const { topic, logger } = this.#options;
      const fields = { topic, partition: index, wanted: Number(request.from), oldest: Number(logStartOffset) };
      logger.warn(fields, 'kafka no longer has the messages that come next: going on with the oldest');
      request.partition.lose();
      this.#partitions.set(index, new PartitionQueue(index, logStartOffset < 0n ? 0n : logStartOffset, -1n));
    }
    return gone.length > 0;
  }

  #fetchWorked(): void {
    if (this.#fetchFailures > 0) this.#options.onHealth(null);
    this.#fetchFailures = 0;
  }

  #fetchFailed(error: unknown): void {
    if (this.#over) return;
    this.#options.onHealth(describe(error));
    const anew = error instanceof Error && /was made anew|partitions has changed/.test(error.message);
    if (anew || isMissingTopic(error) || ++this.#fetchFailures >= FETCH_TRIES) this.#break(error);
    else this.#pumpLater(100 * 2 ** this.#fetchFailures);
  }

  #pumpLater(milliseconds: number): void {
    setTimeout(() => this.pump(), milliseconds).unref();
  }

  #moved(): PartitionQueue[] {
    return [...this.#partitions.values()].filter(({ acknowledged, committed }) => acknowledged !== committed);
  }

  /** One request at a time, for all partitions that have moved on. */
  async #commit(): Promise<void> {
    for (let failures = 0; !this.#over; ) {
      const moved = this.#moved();
      if (moved.length === 0) return;
      const offsets = moved.map((partition) => ({ partition, offset: partition.acknowledged }));
      try {
        await within(LONGEST_REQUEST_MS, 'committing', this.#sendCommit(offsets));
        failures = 0;
      } catch (error) {
        if (has(error, ['UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID']) !== null) {
          // Thrown out: others have them. What is at work on them stops now, not at the next heartbeat.
          for (const partition of this.#partitions.values()) partition.lose();
          this.#partitions.clear();
          return;
        }
        if (has(error, ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION']) !== null) {
          await this.#nextAssignment(); // what is still ours is committed then, what is not never
        } else if (++failures >= FETCH_TRIES) {
          this.#break(error);
        } else {
          await new Promise((done) => setTimeout(done, 100 * 2 ** failures));
        }
      }
    }
  }

  async #sendCommit(offsets: readonly { partition: PartitionQueue; offset: bigint }[]): Promise<void> {
    const { topic, group } = this.#options;
    // The generation of the assignment that the partitions come from: an older one is refused by the broker.
    const [generation, member] = [this.#generation, this.#member];
    const coordinator = await this.#consumer.findGroupCoordinator();
    const { brokers } = await this.#consumer.metadata({ topics: [topic] });
    const broker = brokers.get(coordinator);
    if (broker === undefined) throw new Error('the group coordinator is not known');
    const connection = await this.#consumer.connections.get(broker);
    const partitions = offsets
      .filter(({ partition }) => !partition.signal.aborted)
      .map(({ partition, offset }) => ({
        partitionIndex: partition.index,
        committedOffset: offset,
        committedLeaderEpoch: -1,
        committedMetadata: null,
      }));
    if (partitions.length === 0 || generation !== this.#generation) return;
    await offsetCommitV8.api.async(connection, group, generation, member, null, [{ name: topic, partitions }]);
    for (const { partition, offset } of offsets) partition.committed = offset;
  }

  #nextAssignment(): Promise<void> {
    return new Promise((done) => {
      this.#wake = done;
    });
  }
}

function openConsumer(address: KafkaAddress, group: string) {
  const { sessionMs } = address;
  return new Consumer<Buffer, Buffer, Buffer, Buffer>({
    ...clientOptions(address),
    groupId: group,
    groupProtocol: 'classic',
    partitionAssigner: sharePartitions,
    sessionTimeout: sessionMs,
    // Members come back to a rebalance with their next heartbeat.
    heartbeatInterval: Math.min(1000, Math.ceil(sessionMs / 4)),
    rebalanceTimeout: sessionMs,
    heartbeatStallTimeout: sessionMs,
    minBytes: 1,
    maxWaitTime: LONGEST_POLL_MS,
    isolationLevel: FetchIsolationLevels.READ_COMMITTED,
  });
}
