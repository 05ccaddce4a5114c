import type { IncomingMessage } from '@understudy/events';
import { type Clock, type Database, type Logger, silentLogger, type Tx } from '@understudy/kernel';
import type { DeadLetter } from '../dead-letter.ts';
import type { Replayer } from '../dead-letters.ts';
import type { MessagePipeline } from './message-pipeline.ts';
import type { DeadLetterSink, ReplayedMessage, SourceStore } from './ports.ts';
import type { Source } from './source.ts';

export interface SourceReplayPorts {
  database: Database;
  deadLetters: DeadLetterSink;
  store: Pick<SourceStore, 'enqueueReplay' | 'replays' | 'takeReplays'>;
  pipeline: Pick<MessagePipeline, 'process'>;
  clock: Clock;
  logger?: Logger;
}

const BATCH = 100;

/** Dead letters of sources on their way again: through the source as it is now, in whichever worker is first. */
export class SourceReplays implements Replayer {
  readonly #ports: SourceReplayPorts;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(ports: SourceReplayPorts) {
    this.#ports = ports;
    this.#logger = (ports.logger ?? silentLogger).child({ component: 'sources' });
  }

  /** Puts a letter in line; what becomes of it shows in its trail. */
  async replay(tx: Tx, workspace: string, letter: DeadLetter): Promise<void> {
    const at = this.#ports.clock.now();
    await this.#ports.store.enqueueReplay(tx, {
      // From the letter's, so that the one leads to the other.
      id: `rpm_${letter.id.slice(4)}`,
      workspace,
      source: letter.origin.id,
      headers: letter.headers,
      body: letter.body,
      contentType: letter.contentType,
      message: letter.message,
      traceId: letter.traceId,
      at,
    });
  }

  start(everyMs = 1_000): void {
    this.#timer = setInterval(() => {
      if (this.#busy) return;
      this.#busy = true;
      this.#running = this.drain()
        .catch((error: unknown) => {
          this.#logger.warn({ err: error }, 'replayed messages cannot be handled now; they are tried again');
        })
        .finally(() => {
          this.#busy = false;
        });
    }, everyMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Handles what waits. Two processes that take the same message: one of them commits. */
  async drain(): Promise<void> {
    const waiting = await this.#ports.store.replays(BATCH);
    const bySource = new Map<Source | string, ReplayedMessage[]>();
    for (const { message, source } of waiting) {
      const key = source ?? `${message.workspace} ${message.source}`;
      bySource.set(key, [...(bySource.get(key) ?? []), message]);
    }
    for (const [source, messages] of bySource) {
      try {
        if (typeof source === 'string') await this.#back(messages);
        else await this.#through(source, messages);
      } catch (error) {
        this.#logger.warn({ err: error }, 'replayed messages of a source cannot be handled now');
      }
    }
  }

  /** The source was deleted meanwhile: back to the dead letters. */
  async #back(messages: readonly ReplayedMessage[]): Promise<void> {
    const { database, store, deadLetters, clock } = this.#ports;
    const { workspace } = messages[0]!;
    await database.inWorkspace(workspace, async (tx) => {
      const ids = messages.map(({ id }) => id);
      const taken = await store.takeReplays(tx, workspace, ids);
      const reason = { code: 'source_not_found', detail: 'the source was deleted before the message came to it again' };
      const letters = messages
        .filter(({ id }) => taken.has(id))
        .map(({ source, headers, body, contentType, message, traceId }) => ({
          kind: 'unprocessable' as const,
          origin: { kind: 'source' as const, id: source },
          task: null,
          reason,
          body,
          contentType,
          headers,
          message,
          attempts: 1,
          history: [{ at: new Date(clock.now()).toISOString(), ...reason }],
          traceId,
        }));
      await deadLetters.put(tx, workspace, letters);
    });
  }

  async #through(source: Source, messages: readonly ReplayedMessage[]): Promise<void> {
    await this.#ports.pipeline.process(source, messages.map(incoming), {
      // Its own name is in the inbox with why it was not decided, and must not stop it.
      keys: messages.map(({ id }) => `replay:${id}`),
      claim: async (tx, indexes) => {
        const ids = indexes.map((index) => messages[index]!.id);
        const taken = await this.#ports.store.takeReplays(tx, source.workspace, ids);
        return new Set(indexes.filter((index) => taken.has(messages[index]!.id)));
      },
    });
  }
}

/** The message as it came. */
function incoming({ headers, body }: ReplayedMessage): IncomingMessage {
  return {
    id: headers['message-id'] ?? null,
    key: headers['message-key'] ?? null,
    headers,
    body,
    place: null,
    redelivered: true,
    deliveries: null,
    correlationId: headers['correlation-id'] ?? null,
    replyTo: headers['reply-to'] ?? null,
    at: null,
  };
}
