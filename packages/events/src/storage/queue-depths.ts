import type { Database } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';

/**
 * How many of a figure's rows wait, in all workspaces, from counts that are kept (migration 0004): exact, whatever
 * waits. Goes into a statement of the system's scope.
 */
export function depthOf(figure: 'outgoing' | 'deliveries'): RawBuilder<unknown> {
  return sql`(SELECT coalesce(sum(n), 0)::int FROM (
    SELECT figure, n FROM events.queue_counts UNION ALL SELECT figure, n FROM events.queue_changes) c
    WHERE figure = ${figure})`;
}

/** Folds what was noted since into the counts, so that reading them stays cheap. The scheduler's call. */
export async function foldQueueDepths(database: Database): Promise<void> {
  await database.prepared('events.fold_queue_changes', 'SELECT events.fold_queue_changes()', []);
}
