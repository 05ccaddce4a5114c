import type { IncomingMessage } from '@understudy/events';
import type { Clock } from '@understudy/kernel';
import { sourceErrors } from './errors.ts';
import type { SourceStore, TopicRules } from './ports.ts';
import { destinationOf, isTopic, type ReplyDestination } from './reply.ts';
import type { Source } from './source.ts';

const FRESH_MS = 5_000;
const MOST_REMEMBERED = 10_000;

/** Where answers go, and whether they may. */
export class ReplyTopics {
  readonly #rules: TopicRules;
  readonly #store: Pick<SourceStore, 'foreignTopics'>;
  readonly #clock: Clock;
  /** Whether a topic is another workspace's, as it was lately. */
  readonly #foreign = new Map<string, { at: number; foreign: Promise<boolean> }>();

  constructor(rules: TopicRules, store: Pick<SourceStore, 'foreignTopics'>, clock: Clock) {
    this.#rules = rules;
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Null where nobody waits for an answer. A topic that the message names is checked as those of the definition were.
   *
   * @throws `topic_refused`
   */
  async of(source: Source, incoming: IncomingMessage): Promise<ReplyDestination | null> {
    const destination = destinationOf(source, incoming.replyTo);
    if (destination === null || destination.topic === source.definition.replyTo?.topic) return destination;
    const { bus, topic } = destination;
    if (!isTopic(topic)) throw sourceErrors.topic_refused('the message asks for an answer to what can be no topic');
    await this.check(source.workspace, { bus, topic });
    return destination;
  }

  /** @throws `topic_refused` where the workspace may not write to a topic */
  async check(workspace: string, { bus, topic }: ReplyDestination): Promise<void> {
    const allowed = this.#rules.allows(workspace, bus, topic);
    if (allowed === true || (allowed === null && !(await this.#isForeign(workspace, bus, topic)))) return;
    throw sourceErrors.topic_refused(`the workspace may not write to ${topic} of ${bus}`);
  }

  #isForeign(workspace: string, bus: string, topic: string): Promise<boolean> {
    const key = `${workspace} ${bus} ${topic}`;
    const now = this.#clock.now();
    const known = this.#foreign.get(key);
    if (known !== undefined && now >= known.at && now - known.at < FRESH_MS) return known.foreign;
    if (this.#foreign.size >= MOST_REMEMBERED) this.#foreign.clear();
    const foreign = this.#store.foreignTopics(workspace, bus, [topic]).then((topics) => topics.size > 0);
    this.#foreign.set(key, { at: now, foreign });
    foreign.catch(() => this.#foreign.delete(key));
    return foreign;
  }
}
