import type { EventBus, NewOutgoing } from '@understudy/events';
import type { Tx } from '@understudy/kernel';
import type { NewDeadLetter } from '../dead-letter.ts';
import type { RunReport, Source, SourceDefinition, SourceProblem, SourceView } from './source.ts';

export type { AuditTrail } from '@understudy/decisions';

/** The operator's message systems. */
export interface SourceBuses {
  has(name: string): boolean;
  /** Connects by itself, later, and for ever again. Throws only for a name that does not exist. */
  get(name: string): EventBus | Promise<EventBus>;
}

/** Which topics a workspace may read and write: the operator's word. */
export interface TopicRules {
  /** `null`: the operator says nothing of this bus, so the first workspace to use a topic owns it. */
  allows(workspace: string, bus: string, topic: string): boolean | null;
}

export interface ReplyOutbox {
  enqueue(tx: Tx, workspace: string, messages: readonly NewOutgoing[]): Promise<void>;
  /** A transaction with messages was committed. */
  nudge(): void;
}

export interface DeadLetterSink {
  put(tx: Tx, workspace: string, letters: readonly NewDeadLetter[]): Promise<void>;
}

/** That a message came, and what became of it. */
export interface InboxEntry {
  key: string;
  /** `msg_…` */
  message: string;
  decision: string | null;
  /** Why it was not decided. */
  problem: SourceProblem | null;
  /** Id of the reply, where one goes out. */
  reply: string | null;
  traceId: string;
}

export interface SourceEdit {
  source: Source;
  write: boolean;
  remove?: boolean;
}

/** A dead letter on its way through its source again. */
export interface ReplayedMessage {
  /** `rpm_…` */
  id: string;
  workspace: string;
  source: string;
  headers: Record<string, string>;
  body: Uint8Array;
  contentType: string;
  /** Identity of the message that it was. */
  message: string | null;
  traceId: string | null;
  at: number;
}

/** What one process says of the sources that it runs. */
export interface ProcessReport extends RunReport {
  workspace: string;
  source: string;
}

/** Sources and their inboxes at rest. */
export interface SourceStore {
  find(workspace: string, name: string): Promise<SourceView | null>;
  list(workspace: string, page: { limit: number; after: string }): Promise<SourceView[]>;
  /** Serialises edits of one name, tells other processes, and undoes everything when `change` throws. */
  edit(
    workspace: string,
    name: string,
    change: (before: Source | null, tx: Tx) => Promise<SourceEdit>,
  ): Promise<{ source: Source; before: Source | null }>;
  /** Takes a group of a topic for a source; false when another source has it. */
  claimGroup(tx: Tx, source: Source, definition: SourceDefinition): Promise<boolean>;
  /** Takes a topic for a workspace; false when it is another's. */
  claimTopic(tx: Tx, workspace: string, bus: string, topic: string): Promise<boolean>;
  /** Lets go of what no source of the workspace names any more. */
  releaseTopics(tx: Tx, workspace: string): Promise<void>;
  /** Of these topics those that belong to another workspace. */
  foreignTopics(workspace: string, bus: string, topics: readonly string[]): Promise<Set<string>>;
  /** All sources that are read from a bus, of all workspaces. */
  active(): Promise<Source[]>;
  /** Sources of the bus `http` by name, or by the event types that they take. */
  http(workspace: string, which: { name: string } | { types: readonly string[] }): Promise<Source[]>;

  /** Writes that messages came; answers the keys that are new. In the order of the keys, so that nobody deadlocks. */
  accept(tx: Tx, source: Source, entries: readonly InboxEntry[]): Promise<Set<string>>;
  /** What became of messages that came before. */
  known(workspace: string, source: string, keys: readonly string[]): Promise<Map<string, InboxEntry>>;
  /**
   * Adds to the figures, and ends an outage. False when the source is not the one that the messages were handled for:
   * deleted, paused or edited since.
   */
  count(
    tx: Tx,
    source: Source,
    seen: { messages: number; decided: number; unprocessable: number; duplicates: number },
  ): Promise<boolean>;

  /** Says how the sources of this process fare; forgets those that it no longer names. */
  report(process: string, reports: readonly ProcessReport[]): Promise<void>;
  /** An outage begins: true for the one that says so first. */
  beginOutage(tx: Tx, source: Source, problem: SourceProblem): Promise<boolean>;
  /** Ends outages of sources that no process reports as failing. */
  endOutages(): Promise<void>;

  enqueueReplay(tx: Tx, message: ReplayedMessage): Promise<void>;
  /** The oldest replayed messages of each source that is not paused, with the source; null where that is gone. */
  replays(limit: number): Promise<{ message: ReplayedMessage; source: Source | null }[]>;
  /** Takes replayed messages out of the line; answers the ids that were still there. */
  takeReplays(tx: Tx, workspace: string, ids: readonly string[]): Promise<Set<string>>;

  /** Removes inbox entries older than `days`, and reports of processes that are gone. At most `limit` of each. */
  expire(days: number, limit: number): Promise<number>;
  /** For metrics. */
  figures(): Promise<{ failing: number; lag: number; messages: number }>;
}
