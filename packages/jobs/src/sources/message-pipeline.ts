import type { CallContext, PreparedDecision } from '@understudy/decisions';
import type { IncomingMessage, NewOutgoing } from '@understudy/events';
import {
  actingFor,
  type Clock,
  type Database,
  HOLDS_THE_LOG,
  isUnderstudyError,
  newId,
  type Tx,
} from '@understudy/kernel';
import type { NewDeadLetter } from '../dead-letter.ts';
import type { Decider } from '../ports.ts';
import { sourceErrors } from './errors.ts';
import { type CompiledMapping, compileMapping } from './mapping.ts';
import { type MessageKey, messageKey, refusedKey } from './message-key.ts';
import { letterOf } from './message-letter.ts';
import { type ParsedMessage, parseMessage } from './parse.ts';
import type { DeadLetterSink, InboxEntry, ReplyOutbox, SourceStore, TopicRules } from './ports.ts';
import { type ReplyDestination, replyTo } from './reply.ts';
import { ReplyTopics } from './reply-topics.ts';
import type { Source, SourceProblem } from './source.ts';
import { newTraceId, traceIdOf } from './trace-parent.ts';

/** What became of one message. */
export type Processed =
  | { outcome: 'decided'; message: string; decision: string }
  | { outcome: 'duplicate'; message: string | null; decision: string | null; problem: SourceProblem | null }
  | { outcome: 'unprocessable'; message: string | null; problem: SourceProblem }
  /** Not committed: handling it failed for no reason that is known to pass or to stay. */
  | { outcome: 'again'; error: unknown };

export interface ProcessOptions {
  /** Aborted when the messages are no longer ours: nothing is committed any more. */
  signal?: AbortSignal;
  /** What to do with a message that can never be decided: keep it as a dead letter, or only say so. */
  unprocessable?: 'dead-letter' | 'answer';
  /** By what each message is known, where that is not for the message to say. */
  keys?: readonly string[];
  /** What else belongs into the transaction; answers the indexes of the messages that still count. */
  claim?: (tx: Tx, indexes: readonly number[]) => Promise<ReadonlySet<number>>;
}

export interface PipelinePorts {
  database: Database;
  store: Pick<SourceStore, 'accept' | 'count' | 'known' | 'foreignTopics'>;
  decide: Decider;
  outgoing: ReplyOutbox;
  deadLetters: DeadLetterSink;
  topics: TopicRules;
  clock: Clock;
  /** Largest body that is parsed. */
  maxBytes: number;
}

/** A message on its way. */
interface Draft {
  index: number;
  incoming: IncomingMessage;
  id: string;
  key: MessageKey;
  traceId: string;
  destination: ReplyDestination | null;
  result:
    | { prepared: PreparedDecision }
    | { problem: SourceProblem; kind: NewDeadLetter['kind'] }
    /** It could not even be decided, for a reason without a code. */
    | { error: unknown };
}

/** Failures without a code before a message is given up. */
const MOST_FAILURES = 5;
const MOST_REMEMBERED = 10_000;

/**
 * What happens to messages of a source, whichever way they came: read, mapped, decided together, and committed in one
 * transaction with the inbox, the replies and the dead letters. Only after that may they be acknowledged.
 */
export class MessagePipeline {
  readonly #ports: PipelinePorts;
  readonly #replies: ReplyTopics;
  /** By the source's id and version. */
  readonly #mappings = new Map<string, CompiledMapping>();
  /** Failures of no known kind, by source and key. */
  readonly #failures = new Map<string, { at: string; code: string; detail: string }[]>();

  constructor(ports: PipelinePorts) {
    this.#ports = ports;
    this.#replies = new ReplyTopics(ports.topics, ports.store, ports.clock);
  }

  /**
   * One outcome a message, in order. Throws what concerns all of them and passes (`database_unavailable`,
   * `model_overloaded`, `source_changed`), and `task_not_found`: then nothing of it was committed for sure, and doing
   * it again does it once.
   */
  async process(
    source: Source,
    messages: readonly IncomingMessage[],
    options: ProcessOptions = {},
  ): Promise<Processed[]> {
    const drafts = await Promise.all(messages.map((incoming, index) => this.#draft(source, incoming, index, options)));
    options.signal?.throwIfAborted();
    const results = new Array<Processed>(messages.length);
    const commits: Draft[] = [];
    for (const draft of drafts) {
      if ('error' in draft.result) await this.#failed(source, draft, draft.result.error, options, results);
      else if ('problem' in draft.result && options.unprocessable === 'answer') {
        results[draft.index] = { outcome: 'unprocessable', message: null, problem: draft.result.problem };
      } else commits.push(draft);
    }
    if (commits.length > 0) await this.#commit(source, commits, options, results);
    return results;
  }

  async #draft(source: Source, incoming: IncomingMessage, index: number, options: ProcessOptions): Promise<Draft> {
    const { clock, decide, maxBytes } = this.#ports;
    const id = newId('msg', clock.now());
    let parsed: ParsedMessage | null = null;
    let mapped: string | null = null;
    let destination: ReplyDestination | null = null;
    let result: Draft['result'];
    let traceId = traceIdOf(incoming.headers.traceparent) ?? newTraceId();
    try {
      parsed = parseMessage(incoming, source.definition.format, maxBytes);
      traceId = traceIdOf(parsed.traceparent) ?? traceId;
      const item = this.#mapping(source).map(parsed.root);
      mapped = item.id;
      destination = await this.#replies.of(source, incoming);
      const call: CallContext = {
        principal: actingFor(source.workspace, source.changedBy),
        requestId: id,
        traceId,
        via: { kind: 'source', id: source.name, message: id },
      };
      result = { prepared: await decide.prepare(call, source.definition.task, item.request) };
    } catch (error) {
      if (!isUnderstudyError(error)) result = { error };
      else if (error.retryable || error.code === 'task_not_found') throw error;
      else result = { problem: { code: error.code, detail: error.message }, kind: 'unprocessable' };
    }
    const given = options.keys?.[index];
    const key =
      given === undefined ? messageKey(incoming, parsed, mapped, source.definition) : { key: given, byContent: false };
    return { index, incoming, id, key, traceId, destination, result };
  }

  #mapping(source: Source): CompiledMapping {
    const name = `${source.id} ${source.version}`;
    let mapping = this.#mappings.get(name);
    if (mapping === undefined) {
      if (this.#mappings.size >= MOST_REMEMBERED) this.#mappings.clear();
      mapping = compileMapping(source.definition.mapping);
      this.#mappings.set(name, mapping);
    }
    return mapping;
  }

  /** Commits drafts together; when that fails for a reason that does not pass, by halves, to find whose it is. */
  async #commit(source: Source, drafts: Draft[], options: ProcessOptions, results: Processed[]): Promise<void> {
    try {
      await this.#commitOnce(source, drafts, options, results);
      return;
    } catch (error) {
      if (isUnderstudyError(error) && error.retryable) throw error;
      options.signal?.throwIfAborted();
      if (drafts.length > 1) {
        const half = Math.ceil(drafts.length / 2);
        await this.#commit(source, drafts.slice(0, half), options, results);
        await this.#commit(source, drafts.slice(half), options, results);
        return;
      }
      await this.#failed(source, drafts[0]!, error, options, results);
    }
  }

  /** One message that cannot be committed. A coded reason stays; another one gets a few tries more. */
  async #failed(
    source: Source,
    draft: Draft,
    error: unknown,
    options: ProcessOptions,
    results: Processed[],
  ): Promise<void> {
    const name = `${source.workspace} ${source.name} ${draft.key.key}`;
    const reason: SourceProblem = isUnderstudyError(error)
      ? { code: error.code, detail: error.message }
      : { code: 'message_failed', detail: 'an error of this server; its log has more' };
    const history = [...(this.#failures.get(name) ?? [])];
    history.push({ at: new Date(this.#ports.clock.now()).toISOString(), ...reason });
    const final = isUnderstudyError(error) || history.length >= MOST_FAILURES;
    if (!final || 'problem' in draft.result || options.unprocessable === 'answer') {
      if (this.#failures.size >= MOST_REMEMBERED) this.#failures.clear();
      this.#failures.set(name, history);
      results[draft.index] =
        isUnderstudyError(error) && options.unprocessable === 'answer'
          ? { outcome: 'unprocessable', message: null, problem: reason }
          : { outcome: 'again', error };
      return;
    }
    const kind = isUnderstudyError(error) ? 'unprocessable' : 'failed';
    await this.#commitOnce(source, [{ ...draft, result: { problem: reason, kind } }], options, results);
    this.#failures.delete(name);
  }

  async #commitOnce(source: Source, drafts: Draft[], options: ProcessOptions, results: Processed[]): Promise<void> {
    const { database, store, decide, outgoing, deadLetters } = this.#ports;
    const { workspace } = source;
    let replied = false;
    const commit = async (tx: Tx) => {
      const claimed = await options.claim?.(
        tx,
        drafts.map(({ index }) => index),
      );
      const ours = claimed === undefined ? drafts : drafts.filter(({ index }) => claimed.has(index));
      const replies = new Map<Draft, NewOutgoing>();
      for (const draft of ours) {
        const reply = this.#reply(source, draft);
        if (reply !== null) replies.set(draft, reply);
      }
      const fresh = await this.#accept(tx, source, ours, replies);
      const sent = fresh.flatMap((draft) => replies.get(draft) ?? []);
      const letters = fresh.flatMap((draft) => this.#letter(source, draft));
      const prepared = fresh.flatMap(({ result }) => ('prepared' in result ? [result.prepared] : []));
      options.signal?.throwIfAborted();
      const counts = {
        messages: fresh.length,
        decided: prepared.length,
        unprocessable: letters.length,
        duplicates: ours.length - fresh.length,
      };
      // None waits for another: they leave in one write, and cost one round trip.
      const [counted] = await Promise.all([
        store.count(tx, source, counts),
        outgoing.enqueue(tx, workspace, sent),
        deadLetters.put(tx, workspace, letters),
      ]);
      options.signal?.throwIfAborted();
      if (!counted) {
        throw sourceErrors.source_changed(`the source ${source.name} was paused, edited or deleted`);
      }
      if (prepared.length > 0) await decide.commitIn(tx, prepared, []);
      replied = sent.length > 0;
      return { fresh: new Set(fresh), ours: new Set(ours) };
    };
    const done = await database.inWorkspace(workspace, commit, HOLDS_THE_LOG);
    if (replied) outgoing.nudge();
    if (this.#failures.size > 0) {
      for (const { key } of drafts) this.#failures.delete(`${workspace} ${source.name} ${key.key}`);
    }
    const repeated = drafts.filter((draft) => !done.fresh.has(draft));
    const before =
      repeated.length === 0 || options.unprocessable !== 'answer'
        ? new Map<string, InboxEntry>()
        : await store.known(
            workspace,
            source.name,
            repeated.map(({ key }) => key.key),
          );
    for (const draft of drafts) {
      const { index, id, result } = draft;
      if (!done.fresh.has(draft)) {
        const first = before.get(draft.key.key);
        const { message = null, decision = null, problem = null } = first ?? {};
        results[index] = { outcome: 'duplicate', message, decision, problem };
      } else if ('prepared' in result) {
        results[index] = { outcome: 'decided', message: id, decision: result.prepared.body.id };
      } else if ('problem' in result)
        results[index] = { outcome: 'unprocessable', message: id, problem: result.problem };
    }
  }

  /** Writes the inbox; answers the drafts that are new, in their order. */
  async #accept(
    tx: Tx,
    source: Source,
    drafts: readonly Draft[],
    replies: ReadonlyMap<Draft, NewOutgoing>,
  ): Promise<Draft[]> {
    const { store } = this.#ports;
    const entry = (draft: Draft, key: string): InboxEntry => ({
      key,
      message: draft.id,
      decision: 'prepared' in draft.result ? draft.result.prepared.body.id : null,
      problem: 'problem' in draft.result ? draft.result.problem : null,
      reply: replies.get(draft)?.id ?? null,
      traceId: draft.traceId,
    });
    const first = new Map<string, Draft>();
    const again: Draft[] = [];
    for (const draft of drafts) {
      // What could not be decided is known with its content: the same name with better content is another try.
      const key = 'prepared' in draft.result ? draft.key.key : refusedKey(draft.key.key, draft.incoming.body);
      if (first.has(key)) again.push(draft);
      else first.set(key, draft);
    }
    const accepted = await store.accept(
      tx,
      source,
      [...first].map(([key, draft]) => entry(draft, key)),
    );
    const fresh = new Set([...first].flatMap(([key, draft]) => (accepted.has(key) ? [draft] : [])));
    // Known by its content only and not delivered before: another message that says the same.
    const alike = [...first.values(), ...again].filter(
      (draft) => !fresh.has(draft) && draft.key.byContent && !draft.incoming.redelivered,
    );
    if (alike.length > 0) {
      await store.accept(
        tx,
        source,
        alike.map((draft) => entry(draft, `${draft.key.key}#${draft.id}`)),
      );
      for (const draft of alike) fresh.add(draft);
    }
    return drafts.filter((draft) => fresh.has(draft));
  }

  #reply(source: Source, { result, destination, id, incoming, traceId }: Draft): NewOutgoing | null {
    if (!('prepared' in result) || destination === null) return null;
    return replyTo(source, {
      destination,
      message: id,
      correlationId: incoming.correlationId,
      key: incoming.key,
      decision: result.prepared.body,
      traceId,
    });
  }

  #letter(source: Source, { result, incoming, id, traceId, key }: Draft): NewDeadLetter[] {
    if (!('problem' in result)) return [];
    const history = this.#failures.get(`${source.workspace} ${source.name} ${key.key}`) ?? [];
    return [letterOf(source, incoming, { message: id, ...result, history, traceId })];
  }
}
