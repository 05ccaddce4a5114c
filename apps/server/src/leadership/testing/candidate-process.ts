/**
 * One scheduler as a process of its own, for tests: `candidate-process.ts <database url> <who>`. While it leads it
 * writes one row after the other into public.duty_log, each in a transaction that takes its time.
 */
import { openDatabase } from '@understudy/database-postgres';
import { silentLogger } from '@understudy/kernel';
import { sql } from 'kysely';
import { Leadership } from '../leadership.ts';
import { leadershipStore } from '../storage/leadership-store.ts';
import { fenced } from '../term.ts';

const [url, who] = process.argv.slice(2) as [string, string];
const open = openDatabase({ url, poolSize: 2 });
const database = fenced(open.database);
const leadership = new Leadership({
  name: 'test',
  holder: who,
  open,
  store: leadershipStore,
  logger: silentLogger,
  timing: { beatMs: 100, silenceMs: 1_000 },
  duties: [
    {
      name: 'write',
      everyMs: 2,
      run: () => {
        const epoch = leadership.term?.epoch ?? -1n;
        return database.asSystem(async (tx) => {
          await sql`SELECT pg_sleep(0.01)`.execute(tx);
          await sql`INSERT INTO public.duty_log (epoch, who) VALUES (${epoch}, ${who})`.execute(tx);
        });
      },
    },
  ],
});
leadership.start();
process.stdout.write('started\n');
process.once('SIGTERM', () => {
  void leadership
    .stop()
    .then(() => open.close())
    .then(() => process.exit(0));
});
// The test's process went away without saying so.
process.stdin.once('end', () => process.exit(1)).resume();
