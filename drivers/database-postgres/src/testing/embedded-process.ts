/**
 * A process of its own for the crash tests: runs the embedded server on argv[2], then writes rows one by one and
 * prints the number of each one that was acknowledged, until it is killed.
 */
import { isUnderstudyError } from '@understudy/kernel';
import { sql } from 'kysely';
import { startEmbedded } from '../embedded/embedded-postgres.ts';
import { migrate } from '../migrate.ts';
import { openDatabase } from '../postgres-database.ts';
import { sampleRoom } from './sample-room.ts';

try {
  const embedded = await startEmbedded({ dataDir: process.argv[2]! });
  await migrate({ url: embedded.url, migrations: [sampleRoom] });
  const { database } = openDatabase({ url: embedded.url });
  process.stdout.write('ready\n');
  for (let i = 1; ; i++) {
    await database.inWorkspace('ws_crash', (tx) =>
      sql`INSERT INTO sample.notes VALUES ('ws_crash', ${i}, 'x')`.execute(tx),
    );
    process.stdout.write(`${i}\n`);
  }
} catch (error) {
  process.stdout.write(`${isUnderstudyError(error) ? error.code : String(error)}\n`);
  process.exitCode = 1;
}
