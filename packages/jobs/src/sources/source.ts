import { createHash } from 'node:crypto';

/** The bus whose messages are the events of `POST /v1/events`. */
export const HTTP_BUS = 'http';
/** The bus that is always there. */
export const DATABASE_BUS = 'postgres';

/** Where values of an item stand in a message: JSONPaths, checked when they were written. */
export interface Mapping {
  input: { text: string };
  externalId: string | null;
  subject: string | null;
  attributes: Readonly<Record<string, string>>;
  /** What makes a message the same as another one, where the application knows better than the broker. */
  id: string | null;
}

export interface ReplyTo {
  bus: string;
  /** Null: only where the message says so. */
  topic: string | null;
  /** A topic that the message names goes before `topic`. */
  fromMessage: boolean;
}

/** What binds a topic to a task, with every default filled in. */
export interface SourceDefinition {
  /** A name from `UNDERSTUDY_BUSES`, `postgres` or `http`. */
  bus: string;
  /** Topic or queue; of the bus `http` the `type` of its events. */
  topic: string;
  /** Consumer group; of the bus `http` the workspace. */
  group: string;
  task: string;
  format: 'json' | 'cloudevents';
  mapping: Mapping;
  replyTo: ReplyTo | null;
}

export interface SourceProblem {
  code: string;
  detail: string;
}

/** Items taken from the application's own broker. */
export interface Source {
  workspace: string;
  /** `src_…`; another one when the source was deleted and made again. */
  id: string;
  name: string;
  definition: SourceDefinition;
  paused: boolean;
  /** Counts all edits. */
  version: number;
  /** The key or member that edited it last: decisions are made for them. */
  changedBy: string;
  createdAt: number;
  updatedAt: number;
}

/** What a source has done, by the database's word. */
export interface SourceFigures {
  messages: number;
  decided: number;
  unprocessable: number;
  duplicates: number;
  /** When the last message was committed; ms since the epoch. */
  lastMessageAt: number | null;
  failingSince: number | null;
  problem: SourceProblem | null;
}

export type RunState = 'connecting' | 'running' | 'paused' | 'failing';

/** What one worker process says of a source that it runs. */
export interface RunReport {
  state: RunState;
  problem: SourceProblem | null;
  /** Messages that wait; null where the system cannot tell. */
  lag: number | null;
}

export interface SourceView {
  source: Source;
  figures: SourceFigures;
  /** Of the processes that were heard of lately. */
  reports: readonly RunReport[];
}

/** What the API shows: `idle` = no worker process runs it. */
export type SourceState = RunState | 'idle';

/** The state of a source over all processes: what needs somebody's attention goes first. */
export function stateOf({ source, figures, reports }: SourceView): {
  state: SourceState;
  problem: SourceProblem | null;
} {
  if (source.paused) return { state: 'paused', problem: null };
  const failing = reports.find(({ state }) => state === 'failing');
  if (failing !== undefined) return { state: 'failing', problem: failing.problem ?? figures.problem };
  if (source.definition.bus === HTTP_BUS) return { state: 'running', problem: null };
  for (const state of ['running', 'connecting'] as const) {
    if (reports.some((report) => report.state === state)) return { state, problem: null };
  }
  return { state: 'idle', problem: null };
}

/** The longest of what the processes see: they look at the same group. */
export function lagOf({ reports }: SourceView): number | null {
  const known = reports.flatMap(({ lag }) => (lag === null ? [] : [lag]));
  return known.length === 0 ? null : Math.max(...known);
}

/** A strong ETag of the source as it stands. */
export function sourceEtag({ id, version }: Pick<Source, 'id' | 'version'>): string {
  return `"${createHash('sha256').update(`${id}:${version}`).digest('base64url').slice(0, 22)}"`;
}
