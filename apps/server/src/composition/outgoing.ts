import { type Buses, Outgoing, OutgoingRelay, type Undeliverable } from '@understudy/events';
import { foldQueueDepths, PostgresOutgoingStore } from '@understudy/events/storage';
import { type DeadLetter, type DeadLetters, jobErrors, type NewDeadLetter, type Replayer } from '@understudy/jobs';
import type { Clock, Database, Logger, Tx } from '@understudy/kernel';

export interface OutgoingPorts {
  database: Database;
  buses: Buses;
  deadLetters: DeadLetters;
  clock: Clock;
  logger: Logger;
}

export type OutgoingRoom = ReturnType<typeof openOutgoing>;

/** Where a message that became a dead letter was to go; taken off again before it is sent once more. */
const BUS = 'understudy-bus';
const TOPIC = 'understudy-topic';
const KEY = 'understudy-key';

/** Messages to the operator's buses, and the relay that publishes them. */
export function openOutgoing({ database, buses, deadLetters, clock, logger }: OutgoingPorts) {
  const store = new PostgresOutgoingStore(database);
  const outgoing = new Outgoing({ database, store });
  const relay = new OutgoingRelay({
    ...{ database, store, outgoing, buses, clock, logger },
    undeliverable: { put: (tx, workspace, letters) => deadLetters.put(tx, workspace, letters.map(deadLetter)) },
  });
  deadLetters.register('outgoing', new OutgoingReplayer(outgoing));
  return {
    outgoing,
    relay,
    /** Figures over all workspaces, for gauges. */
    async figures(): Promise<Record<string, number>> {
      const { waiting, oldestSeconds } = await outgoing.figures();
      return { understudy_outgoing_waiting: waiting, understudy_outgoing_oldest_seconds: oldestSeconds };
    },
    /** Keeps reading how much waits cheap, here and of webhooks. The scheduler's call, every few seconds. */
    foldFigures: () => foldQueueDepths(database),
  };
}

/** Sends a dead letter's message to where it was to go, under its old id. */
class OutgoingReplayer implements Replayer {
  readonly #outgoing: Outgoing;

  constructor(outgoing: Outgoing) {
    this.#outgoing = outgoing;
  }

  /** @throws `replay_not_possible` */
  async replay(tx: Tx, workspace: string, letter: DeadLetter): Promise<void> {
    const { [BUS]: bus, [TOPIC]: topic, [KEY]: key = null, ...headers } = letter.headers;
    if (bus === undefined || topic === undefined) {
      throw jobErrors.replay_not_possible('the letter does not say where its message was to go');
    }
    const id = letter.message ?? letter.id;
    await this.#outgoing.enqueue(tx, workspace, [
      { bus, topic, id, key, headers, body: letter.body, traceId: letter.traceId },
    ]);
  }
}

function deadLetter({ message, reason }: Undeliverable): NewDeadLetter {
  const { bus, topic, id, key, headers, body, attempts, problem, traceId, seq } = message;
  return {
    // What a broker refuses cannot succeed as it is; what could not be delivered for days may yet.
    kind: REFUSALS.has(reason.code) ? 'unprocessable' : 'failed',
    origin: { kind: 'outgoing', id: `out_${seq}` },
    task: null,
    reason,
    body,
    contentType: headers['content-type'] ?? 'application/octet-stream',
    headers: { ...headers, [BUS]: bus, [TOPIC]: topic, ...(key === null ? {} : { [KEY]: key }) },
    message: id,
    attempts: attempts + 1,
    history: problem === null ? [] : [problem],
    traceId,
  };
}

const REFUSALS: ReadonlySet<string> = new Set(['bus_topic_not_found', 'bus_message_too_large', 'bus_refused']);
