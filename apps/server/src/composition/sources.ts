import type { OpenDatabase } from '@understudy/database-postgres';
import type { Decide, Tasks } from '@understudy/decisions';
import type { EventSink } from '@understudy/events';
import type { AuditTrail } from '@understudy/identity';
import {
  type DeadLetters,
  EventIntake,
  HTTP_BUS,
  MessagePipeline,
  PatternTopicRules,
  type ReplyOutbox,
  ReplyTopics,
  type SourceBuses,
  SourceReplays,
  SourceRunner,
  Sources,
} from '@understudy/jobs';
import { PostgresSourceStore, SOURCES_CHANNEL } from '@understudy/jobs/storage';
import type { Clock, Database, Logger } from '@understudy/kernel';
import type { Config } from '../config.ts';
import type { Metrics } from '../observability/metrics.ts';

export interface SourceRoomPorts {
  config: Config;
  open: OpenDatabase;
  database: Database;
  tasks: Tasks;
  decide: Decide;
  buses: SourceBuses;
  outgoing: ReplyOutbox;
  deadLetters: DeadLetters;
  events: EventSink;
  audit: AuditTrail;
  metrics: Metrics;
  clock: Clock;
  logger: Logger;
}

export type SourceRoom = ReturnType<typeof openSources>;

/** Which topics answers to jobs may go to: those that answers to messages may. */
export function openReplyTopics(config: Pick<Config, 'busTopics'>, database: Database, clock: Clock): ReplyTopics {
  return new ReplyTopics(new PatternTopicRules(config.busTopics), new PostgresSourceStore(database), clock);
}

/** Items from the application's own brokers, and from `POST /v1/events`, over the rooms below them. */
export function openSources(ports: SourceRoomPorts) {
  const { config, open, database, buses, outgoing, deadLetters, events, clock, logger } = ports;
  const store = new PostgresSourceStore(database);
  const topics = new PatternTopicRules(config.busTopics);
  const pipeline = new MessagePipeline({
    ...{ database, store, decide: ports.decide, outgoing, deadLetters, topics, clock },
    maxBytes: config.maxBodyBytes,
  });
  const sources = new Sources({
    ...{ store, topics, tasks: ports.tasks, audit: ports.audit, clock },
    // Events over HTTP come to a name of their own, so no message system of that name can be meant.
    buses: { has: (name) => name !== HTTP_BUS && buses.has(name), get: (name) => buses.get(name) },
  });
  const runner = new SourceRunner({ database, store, buses, pipeline, events, clock, logger });
  const replays = new SourceReplays({ database, store, pipeline, deadLetters, clock, logger });
  deadLetters.register('source', replays);
  ports.metrics.counts(
    'understudy_source_messages_total',
    'Messages of sources that this process handled, by outcome.',
    'outcome',
    () => runner.seen,
  );
  let silence: (() => void) | undefined;
  return {
    store,
    sources,
    intake: new EventIntake({ store, pipeline }),
    /** Whether this process has more messages of sources than it can handle at once. */
    behind: () => runner.behind,
    /** Figures over all workspaces, for gauges. */
    async figures(): Promise<Record<string, number>> {
      const { failing, lag } = await store.figures();
      return { understudy_source_lag: lag, understudy_source_problems: failing };
    },
    /** Forgets messages that came longer ago than they may come again. The scheduler's call, every hour. */
    expire: (signal?: AbortSignal) => sources.expire(config.inboxDays, signal),
    async start(): Promise<void> {
      silence = await open.listen(SOURCES_CHANNEL, () => void runner.refresh());
      runner.start();
      replays.start();
    },
    async stop(): Promise<void> {
      silence?.();
      await Promise.all([runner.stop(), replays.stop()]);
    },
  };
}
