import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Database } from '@understudy/kernel';
import type { RollupDelta, RollupStorage } from '../rollup/rollup-ports.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2031, 0, 31, 22);

const delta = (fields: Partial<RollupDelta> = {}): RollupDelta => ({
  taskId: 'task_a',
  task: 'a',
  hour: START,
  fine: null,
  modelVersion: '1',
  section: 'summary',
  key: '["q",1]',
  n: 1n,
  ...fields,
});

/** What every {@link RollupStorage} does. */
export function rollupStorageContract(
  name: string,
  open: () => Promise<{ storage: RollupStorage; database: Database }>,
): void {
  describe(`RollupStorage contract: ${name}`, () => {
    let storage: RollupStorage;
    let database: Database;
    before(async () => {
      ({ storage, database } = await open());
    });
    const add = (workspace: string, deltas: RollupDelta[]) =>
      database.inWorkspace(workspace, (tx) => storage.add(tx, workspace, deltas));

    test('counters add up over hours, days and months, and those that come to nothing are left out', async () => {
      await add('ws_sums', [
        delta(),
        delta({ hour: START + 3_600_000 }),
        delta({ hour: START + 2 * 3_600_000, n: 4_000_000_000_000n }),
        delta({ key: '["q",2]', n: 3n }),
        delta({ taskId: 'task_b', task: 'b', modelVersion: '' }),
        delta({ section: 'labels', key: '["lr","ok"]' }),
        delta({ section: 'shape', key: '["q",1]' }),
      ]);
      await add('ws_sums', [delta({ n: 5n }), delta({ key: '["q",2]', n: -3n })]);
      const window = { from: START, to: START + 3 * DAY_MS };
      const total = await storage.sums('ws_sums', { ...window, bucket: 'total' });
      const common = { taskId: null, task: null, modelVersion: null, key: '["q",1]' };
      assert.deepEqual(total.sums, [{ ...common, bucket: 0, n: 4_000_000_000_008n }]);
      const full = await storage.sums('ws_sums', { ...window, bucket: 'total', detail: 'full' });
      assert.deepEqual(full.sums.map(({ key, n }) => [key, n]).sort(), [
        ['["lr","ok"]', 1n],
        ['["q",1]', 4_000_000_000_009n],
      ]);
      const months = await storage.sums('ws_sums', { ...window, bucket: 'month', task: 'a' });
      const byMonth = months.sums.sort((a, b) => a.bucket - b.bucket).map(({ bucket, n }) => [bucket, n]);
      assert.deepEqual(byMonth, [
        [Date.UTC(2031, 0, 1), 7n],
        [Date.UTC(2031, 1, 1), 4_000_000_000_000n],
      ]);
      const apart = await storage.sums('ws_sums', {
        from: START,
        to: START + 3_600_000,
        bucket: 'hour',
        perTask: true,
        perVersion: true,
      });
      const rows = apart.sums.sort((a, b) => (a.taskId! < b.taskId! ? -1 : 1));
      assert.deepEqual(rows, [
        { bucket: START, taskId: 'task_a', task: 'a', modelVersion: '1', key: '["q",1]', n: 6n },
        { bucket: START, taskId: 'task_b', task: 'b', modelVersion: '', key: '["q",1]', n: 1n },
      ]);
    });

    test('fine counters are read by ten seconds and minutes, and trimmed without a trace in the hours', async () => {
      const at = (seconds: number) => START + seconds * 1000;
      await add('ws_fine', [
        delta({ fine: at(0) }),
        delta({ fine: at(50), n: 2n }),
        delta({ fine: at(60), n: 4n }),
        delta({ fine: at(60), n: 8n, taskId: 'task_b', task: 'b' }),
        delta({ n: 16n }),
      ]);
      await add('ws_fine', [delta({ fine: at(50), n: 32n })]);
      const read = async (bucket: 'ten_seconds' | 'minute' | 'hour', from: number, to: number) => {
        const { sums } = await storage.sums('ws_fine', { from, to, bucket });
        return sums.sort((a, b) => a.bucket - b.bucket).map((sum) => [(sum.bucket - START) / 1000, sum.n]);
      };
      const everything = [[0, 63n]];
      assert.deepEqual(await read('ten_seconds', at(0), at(120)), [
        [0, 1n],
        [50, 34n],
        [60, 12n],
      ]);
      assert.deepEqual(await read('minute', at(0), at(120)), [
        [0, 35n],
        [60, 12n],
      ]);
      assert.deepEqual(await read('ten_seconds', at(50), at(60)), [[50, 34n]]);
      assert.deepEqual(await read('hour', START, START + 3_600_000), everything);
      await database.inWorkspace('ws_fine', (tx) => storage.trim(tx, 'ws_fine', at(60)));
      assert.deepEqual(await read('minute', at(0), at(120)), [[60, 12n]]);
      assert.deepEqual(await read('hour', START, START + 3_600_000), everything);
    });

    test('a workspace has counters of its own, and clearing takes no others', async () => {
      await add('ws_one', [delta()]);
      await add('ws_two', [delta({ n: 2n })]);
      const known = new Map([
        ['dec_1', { authority: 3, label: 'ok', labelId: 'lab_1', audited: true, imported: false }],
      ]);
      await database.inWorkspace('ws_one', (tx) => storage.keep(tx, 'ws_one', known));
      const query = { from: START, to: START + DAY_MS, bucket: 'total' as const };
      const n = async (workspace: string) => (await storage.sums(workspace, query)).sums.map((sum) => sum.n);
      assert.deepEqual([await n('ws_one'), await n('ws_two'), await n('ws_three')], [[1n], [2n], []]);
      const find = (workspace: string) =>
        database.inWorkspace(workspace, (tx) => storage.known(tx, workspace, ['dec_1', 'dec_2', 'dec_1']));
      assert.deepEqual([await find('ws_one'), (await find('ws_two')).size], [known, 0]);
      await database.inWorkspace('ws_one', (tx) => storage.clear(tx, 'ws_one'));
      assert.deepEqual([await n('ws_one'), await n('ws_two'), (await find('ws_one')).size], [[], [2n], 0]);
    });

    test('what is known of a decision is replaced by what is learnt later', async () => {
      const one = { authority: 1, label: 'ok', labelId: 'lab_1', audited: false, imported: true };
      const two = { authority: 3, label: 'spam “x”', labelId: 'lab_2', audited: true, imported: true };
      for (const known of [one, two]) {
        await database.inWorkspace('ws_known', (tx) => storage.keep(tx, 'ws_known', new Map([['dec_1', known]])));
      }
      const found = await database.inWorkspace('ws_known', (tx) => storage.known(tx, 'ws_known', ['dec_1']));
      assert.deepEqual(found, new Map([['dec_1', two]]));
    });
  });
}
