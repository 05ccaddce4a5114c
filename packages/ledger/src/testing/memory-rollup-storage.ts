import type { Tx } from '@understudy/kernel';
import { bucketStart, isFine } from '../rollup/buckets.ts';
import type { Known } from '../rollup/contribution.ts';
import type { FiguresQuery } from '../rollup/figures.ts';
import type { RollupDelta, RollupStorage, RollupSum } from '../rollup/rollup-ports.ts';

/** Counters in memory. What a `tx` would roll back stays: for tests that do not fail on purpose. */
export class MemoryRollupStorage implements RollupStorage {
  readonly #deltas = new Map<string, RollupDelta[]>();
  readonly #known = new Map<string, Map<string, Known>>();
  /** What `sums` tells as the place in the log. */
  ledgerSize = 0;

  async add(_tx: Tx, workspace: string, deltas: readonly RollupDelta[]): Promise<void> {
    this.#deltas.set(workspace, [...(this.#deltas.get(workspace) ?? []), ...deltas]);
  }

  async known(_tx: Tx, workspace: string, decisions: readonly string[]): Promise<Map<string, Known>> {
    const all = this.#known.get(workspace);
    return new Map(decisions.flatMap((id) => (all?.has(id) ? [[id, all.get(id)!] as const] : [])));
  }

  async keep(_tx: Tx, workspace: string, known: ReadonlyMap<string, Known>): Promise<void> {
    this.#known.set(workspace, new Map([...(this.#known.get(workspace) ?? []), ...known]));
  }

  async clear(_tx: Tx, workspace: string): Promise<void> {
    this.#deltas.delete(workspace);
    this.#known.delete(workspace);
  }

  async trim(_tx: Tx, workspace: string, before: number): Promise<void> {
    const kept = this.#deltas.get(workspace)?.map((delta) => {
      return delta.fine !== null && delta.fine < before ? { ...delta, fine: null } : delta;
    });
    if (kept !== undefined) this.#deltas.set(workspace, kept);
  }

  async sums(workspace: string, query: FiguresQuery): Promise<{ sums: RollupSum[]; ledgerSize: number }> {
    const sums = new Map<string, RollupSum>();
    for (const { taskId, task, hour, fine, modelVersion, section, key, n } of this.#deltas.get(workspace) ?? []) {
      if (section !== 'summary' && query.detail !== 'full') continue;
      const at = isFine(query.bucket) ? fine : hour;
      if (at === null || at < query.from || at >= query.to) continue;
      if (query.task !== undefined && query.task !== task) continue;
      if (query.taskId !== undefined && query.taskId !== taskId) continue;
      const row: RollupSum = {
        bucket: bucketStart(at, query.bucket),
        taskId: query.perTask ? taskId : null,
        task: query.perTask ? task : null,
        modelVersion: query.perVersion ? modelVersion : null,
        key,
        n: 0n,
      };
      const place = JSON.stringify([row.bucket, row.taskId, row.modelVersion, key]);
      const sum = sums.get(place) ?? row;
      sum.n += n;
      sums.set(place, sum);
    }
    return { sums: [...sums.values()].filter(({ n }) => n !== 0n), ledgerSize: this.ledgerSize };
  }
}
