import { hostname } from 'node:os';
import { type Logger, systemClock } from '@understudy/kernel';
import type { ProcessDuty } from '../http/meta-routes.ts';
import { Leadership } from '../leadership/leadership.ts';
import { leadershipStore } from '../leadership/storage/leadership-store.ts';
import type { Metrics } from '../observability/metrics.ts';
import { schedulerDuties } from './maintenance.ts';
import { queueSampling } from './queue-gauges.ts';
import type { Rooms } from './rooms.ts';

/** What one of the processes with the role `scheduler` does for all. */
export function openLeadership(rooms: Rooms, logger: Logger, metrics: Metrics): Leadership {
  const leadership = new Leadership({
    name: 'scheduler',
    holder: `${hostname()}/${process.pid}`,
    open: rooms.open,
    store: leadershipStore,
    duties: [...schedulerDuties(rooms), queueSampling(rooms, metrics, systemClock, logger)],
    logger,
  });
  metrics.gauge('understudy_leader', '1 in the scheduler that leads, 0 in the others.', () =>
    leadership.term === null ? 0 : 1,
  );
  metrics.gauge('understudy_leader_epoch', 'Number of the term in the scheduler that leads, 0 in the others.', () =>
    Number(leadership.term?.epoch ?? 0),
  );
  return leadership;
}

/** As health tells it. */
export function leadershipOf(leadership: Leadership | null): ProcessDuty['scheduler'] {
  if (leadership === null) return null;
  const { term } = leadership;
  return { leads: term !== null, epoch: term === null ? null : Number(term.epoch) };
}
