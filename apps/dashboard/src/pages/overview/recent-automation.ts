import { queryOptions } from '@tanstack/react-query';
import type { DecisionSummary } from '@understudy/client';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';

/** Decisions that are read at first, and kept at most while somebody watches: with more, the hours say enough. */
const FIRST = 600;
const MOST = 5000;
const PAGE = 200;
const STEPS_MS = [10_000, 30_000, 60_000, 300_000, 900_000];
const POINTS = 48;

type Row = Pick<DecisionSummary, 'id' | 'created_at' | 'outcome'>;

/**
 * The newest decisions themselves, for a workspace that is too young for figures by the hour. Each round reads only what
 * has come since the one before: decisions never change.
 */
export const recentDecisionsQuery = (task: string | undefined) =>
  queryOptions({
    queryKey: ['decisions', 'recent', task ?? ''],
    queryFn: async ({ signal, client: cache, queryKey }): Promise<Row[]> => {
      const known = cache.getQueryData<Row[]>(queryKey) ?? [];
      const newest = known.at(-1)?.id;
      const fresh: Row[] = [];
      const list = client.decisions.list(task === undefined ? {} : { task }, { limit: PAGE, signal });
      for await (const { id, created_at, outcome } of list) {
        if (id === newest) break;
        fresh.push({ id, created_at, outcome });
        if (fresh.length >= FIRST) break;
      }
      return [...known, ...fresh.reverse()].slice(-MOST);
    },
    refetchInterval: refresh.live,
    gcTime: 60_000,
  });

export interface AutomationPoint {
  /** Milliseconds since the epoch. */
  at: number;
  /** 0…1 */
  rate: number;
  decisions: number;
}

/** The share answered alone in each of at most 48 equal stretches of time; stretches without a decision are left out. */
export function automationOver(rows: readonly Row[]): AutomationPoint[] {
  const moments = rows.map(({ created_at: at }) => Date.parse(at));
  const first = Math.min(...moments);
  const span = Math.max(...moments) - first;
  const step = STEPS_MS.find((one) => span / one <= POINTS) ?? span / POINTS;
  const points = new Map<number, { automated: number; decisions: number }>();
  for (const [index, { outcome }] of rows.entries()) {
    const bucket = Math.floor(moments[index]! / step);
    const point = points.get(bucket) ?? { automated: 0, decisions: 0 };
    point.decisions++;
    if (outcome === 'automated') point.automated++;
    points.set(bucket, point);
  }
  return [...points]
    .sort(([a], [b]) => a - b)
    .map(([bucket, { automated, decisions }]) => ({
      at: (bucket + 0.5) * step,
      rate: automated / decisions,
      decisions,
    }));
}
