import type { ExclusiveSession } from '@understudy/database-postgres';
import type { Tx } from '@understudy/kernel';
import { sql } from 'kysely';

/** The row that tells one term from the next. */
export const leadershipStore = {
  /** Begins a term in the session that holds the lock: while the session lives, nobody can begin another. */
  async begin(session: ExclusiveSession, name: string, holder: string): Promise<bigint> {
    const [row] = await session.run<{ epoch: string }>(
      `INSERT INTO edge.leadership AS l (name, epoch, holder, since) VALUES ($1, 1, $2, clock_timestamp())
       ON CONFLICT (name) DO UPDATE SET epoch = l.epoch + 1, holder = excluded.holder, since = excluded.since
       RETURNING l.epoch`,
      [name, holder],
    );
    return BigInt(row!.epoch);
  },

  /** Keeps the term from ending before this transaction does; false when it is over already. */
  async hold(tx: Tx, name: string, epoch: bigint, silenceMs: number): Promise<boolean> {
    const { rows } = await sql<{ held: boolean }>`
      SELECT edge.within_term(${name}, ${epoch}, ${silenceMs}) AS held`.execute(tx);
    return rows[0]?.held === true;
  },
};
