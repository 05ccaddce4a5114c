import type { Duty } from '../leadership/leadership.ts';
import type { Rooms } from './rooms.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SECONDS_MS = 5_000;

/**
 * What has to be done now and then, by one of the processes with the role `scheduler`: the one that leads. Whatever
 * else must not run twice at a time is added here. Each step still has to bear being broken off and begun again.
 */
export function schedulerDuties(rooms: Rooms): Duty[] {
  const duty = (everyMs: number, name: string, run: Duty['run'], firstAfterMs = everyMs): Duty => ({
    name,
    everyMs,
    firstAfterMs,
    run,
  });
  return [
    duty(HOUR_MS, 'ledger partitions and expired keys', () => rooms.ledger.maintain()),
    duty(HOUR_MS, 'expired idempotent responses', () => rooms.idempotency.expire()),
    duty(MINUTE_MS, 'alerts about backlogs', () => rooms.backlog.checkAll()),
    duty(HOUR_MS, 'deliveries that are over', () => rooms.webhooksRoom.worker.maintain()),
    duty(MINUTE_MS, 'logs of removed webhooks', (signal) => rooms.webhooksRoom.worker.sweepRemoved(signal)),
    duty(HOUR_MS, 'orphaned dataset files', () => rooms.datasets.sweepOrphans()),
    duty(MINUTE_MS, 'examples that searches read one by one', (signal) => rooms.exampleSignatures.catchUp(signal)),
    duty(HOUR_MS, 'sessions and codes that are over', () => rooms.identityRoom.sessions.expire()),
    duty(HOUR_MS, 'jobs that ended long ago', (signal) => rooms.jobRoom.expire(signal)),
    duty(HOUR_MS, 'messages that cannot come again', (signal) => rooms.sourceRoom.expire(signal)),
    duty(SECONDS_MS, 'counts of what waits', async () => {
      await rooms.jobRoom.foldFigures();
      await rooms.outgoingRoom.foldFigures();
    }),
    duty(SECONDS_MS, 'training that pays', () => rooms.retraining.check(), 0),
    duty(SECONDS_MS, 'certificates that can come back', (signal) => rooms.renewal.check(signal), 0),
  ];
}
