import { createHash } from 'node:crypto';
import type { Database, Tx } from '@understudy/kernel';
import type { NewOutgoing, OutgoingFigures, OutgoingStore, QueuedMessage } from './ports.ts';

/**
 * Messages on their way out. They are written in the transaction of whatever caused them, so a message leaves if and
 * only if that was committed; the relay publishes them afterwards, at least once, each with its stable id.
 */
export class Outgoing {
  readonly #database: Database;
  readonly #store: OutgoingStore;
  readonly #listeners = new Set<(sure: boolean) => void>();

  constructor(options: { database: Database; store: OutgoingStore }) {
    this.#database = options.database;
    this.#store = options.store;
  }

  /**
   * Writes messages in the caller's transaction. Refuses none: a strange topic or an unknown bus is found out by the
   * relay, and becomes a dead letter. Ids, keys and topics that are too long are shortened, the same way each time.
   */
  async enqueue(tx: Tx, workspace: string, messages: readonly NewOutgoing[]): Promise<void> {
    if (messages.length === 0) return;
    await this.#store.insert(tx, workspace, messages.map(fitting));
    for (const listener of this.#listeners) listener(false);
  }

  /** Tells the relay of this process that a transaction with messages was committed just now. Saves it the wait. */
  nudge(): void {
    for (const listener of this.#listeners) listener(true);
  }

  /** Where a message is: still to be sent, with what kept it. Empty when it left, or became a dead letter. */
  find(workspace: string, id: string): Promise<QueuedMessage[]> {
    return this.#database.inWorkspace(workspace, (tx) => this.#store.find(tx, workspace, id));
  }

  /** For metrics: how many messages wait in all workspaces, and for how many seconds the oldest has. */
  figures(): Promise<OutgoingFigures> {
    return this.#store.figures();
  }

  /** For the relay: called with false when something was enqueued, with true when it was committed. */
  onNews(listener: (sure: boolean) => void): void {
    this.#listeners.add(listener);
  }
}

const LONGEST = { id: 100, key: 200, topic: 255, bus: 64 } as const;

/** Names come from messages of strangers, too; one that no index takes must not fail the transaction of others. */
function fitting(message: NewOutgoing): NewOutgoing {
  const { id, key, topic, bus } = message;
  return {
    ...message,
    id: shortened(id, LONGEST.id),
    key: key === null ? null : shortened(key, LONGEST.key),
    topic: shortened(topic, LONGEST.topic),
    bus: shortened(bus, LONGEST.bus),
  };
}

function shortened(name: string, longest: number): string {
  if (name.length <= longest) return name;
  const digest = createHash('sha256').update(name).digest('base64url');
  return `${name.slice(0, longest - digest.length - 1)}~${digest}`;
}
