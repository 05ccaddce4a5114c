import type { Clock, Logger } from '@understudy/kernel';
import type { Duty } from '../leadership/leadership.ts';
import type { Metrics } from '../observability/metrics.ts';
import { type FigureSource, QueueGauges } from '../observability/queue-gauges.ts';
import type { Rooms } from './rooms.ts';

const SAMPLE_MS = 10_000;

/** What waits, as the leader of the schedulers samples it. */
export function queueSampling(rooms: Rooms, metrics: Metrics, clock: Clock, logger: Logger): Duty {
  const { jobRoom, sourceRoom, outgoingRoom, webhooksRoom, buses, deadLetters } = rooms;
  const sources: FigureSource[] = [
    {
      name: 'jobs',
      async sample() {
        const { queued, running, oldestSeconds } = await jobRoom.figures();
        return {
          understudy_jobs_queued: queued,
          understudy_jobs_running: running,
          understudy_jobs_oldest_seconds: oldestSeconds,
        };
      },
    },
    { name: 'sources', sample: () => sourceRoom.figures() },
    {
      name: 'webhooks',
      async sample() {
        const { waiting, oldestSeconds } = await webhooksRoom.figures();
        return { understudy_webhook_waiting: waiting, understudy_webhook_oldest_seconds: oldestSeconds };
      },
    },
    { name: 'outgoing messages', sample: () => outgoingRoom.figures() },
    {
      name: 'message systems',
      async sample() {
        const states = await buses.states({ all: true });
        return Object.fromEntries(
          states.map(({ name, state }) => [`understudy_bus_up{bus="${name}"}`, state === 'up' ? 1 : 0]),
        );
      },
    },
    {
      name: 'dead letters',
      async sample() {
        const { failed, unprocessable } = await deadLetters.figures();
        return {
          'understudy_dead_letters{kind="failed"}': failed,
          'understudy_dead_letters{kind="unprocessable"}': unprocessable,
        };
      },
    },
  ];
  const gauges = new QueueGauges({ registry: metrics.registry, sources, clock, logger });
  return { name: 'figures of queues', everyMs: SAMPLE_MS, run: () => gauges.sample() };
}
