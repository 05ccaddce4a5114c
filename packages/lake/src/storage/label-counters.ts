import type { Tx } from '@understudy/kernel';
import { sql } from 'kysely';

/** Adds to a task's counters in the transaction of the rows; negative figures take away. */
export async function countLabels(
  tx: Tx,
  workspace: string,
  taskId: string,
  more: { labels: number; production: number },
): Promise<void> {
  if (more.labels === 0) return;
  await sql`
    INSERT INTO lake.label_counters AS c (workspace_id, task_id, labels, production, changed_at)
    VALUES (${workspace}, ${taskId}, ${more.labels}, ${more.production}, now())
    ON CONFLICT (task_id) DO UPDATE SET labels = c.labels + excluded.labels,
      production = c.production + excluded.production, changed_at = excluded.changed_at`.execute(tx);
}
