import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '@understudy/kernel';
import type { TaskEdit, TaskStore } from '../ports.ts';
import { type Task, withDefaults } from '../task.ts';

/** What every TaskStore keeps to. `open` gives a store that other tests may be using too. */
export function taskStoreContract(name: string, open: () => Promise<TaskStore>): void {
  describe(`${name} keeps the TaskStore contract`, () => {
    let store: TaskStore;
    let workspace: string;
    before(async () => {
      store = await open();
      workspace = newId('ws', Date.UTC(2026, 0, 1));
    });

    const made = (slug: string, labels = ['a', 'b']): Task => ({
      id: newId('task', Date.UTC(2026, 0, 1)),
      workspace,
      slug,
      definition: withDefaults(slug, { kind: 'text_classification', labels: labels.map((name) => ({ name })) }),
      revision: 1,
      version: 1,
      createdAt: Date.UTC(2026, 0, 1),
      updatedAt: Date.UTC(2026, 0, 1),
    });
    const write = (task: Task): TaskEdit => ({ task, created: true, write: true });

    test('what was written is read, by its own workspace only', async () => {
      const task = made('read-back', ['ü', '日本', 'a "b"']);
      const { created } = await store.edit(workspace, task.slug, async (before) => {
        assert.equal(before, null);
        return write(task);
      });
      assert.equal(created, true);
      assert.deepEqual(await store.find(workspace, task.slug), task);
      assert.equal(await store.find('ws_other', task.slug), null);
      assert.equal(await store.find(workspace, 'nothing'), null);
    });

    test('an edit without `write` changes nothing', async () => {
      const task = made('unwritten');
      await store.edit(workspace, task.slug, async () => ({ ...write(task), write: false }));
      assert.equal(await store.find(workspace, task.slug), null);
    });

    test('an edit that throws changes nothing', async () => {
      await assert.rejects(
        store.edit(workspace, 'thrown', async () => {
          throw new Error('no');
        }),
        /no/,
      );
      assert.equal(await store.find(workspace, 'thrown'), null);
    });

    test('edits of one slug never overlap, also those that create it', async () => {
      const first = made('busy');
      const edit = () =>
        store.edit(workspace, 'busy', async (before) => {
          if (before === null) return write(first);
          return { task: { ...before, version: before.version + 1 }, created: false, write: true };
        });
      const edits = await Promise.all(Array.from({ length: 8 }, edit));
      assert.equal(edits.filter(({ created }) => created).length, 1);
      assert.equal((await store.find(workspace, 'busy'))?.version, 8);
    });

    test('a removed task is gone, and its name free for another', async () => {
      const task = made('removed');
      await store.edit(workspace, 'removed', async () => write(task));
      await store.edit(workspace, 'removed', async (before) => ({ ...write(before!), created: false, remove: true }));
      assert.equal(await store.find(workspace, 'removed'), null);
      const other = made('removed');
      await store.edit(workspace, 'removed', async (before) => {
        assert.equal(before, null);
        return write(other);
      });
      assert.equal((await store.find(workspace, 'removed'))?.id, other.id);
    });

    test('a revision keeps its labels, also after the task is gone', async () => {
      const task = made('revised');
      await store.edit(workspace, 'revised', async () => write(task));
      const labels = [{ name: 'b' }, { name: 'c' }];
      const next = { ...task, definition: { ...task.definition, labels }, revision: 2, version: 2 };
      await store.edit(workspace, 'revised', async () => ({ ...write(next), created: false }));
      await store.edit(workspace, 'revised', async () => ({ ...write(next), created: false, remove: true }));
      assert.deepEqual(await store.labelsAt(workspace, task.id, 1), ['a', 'b']);
      assert.deepEqual(await store.labelsAt(workspace, task.id, 2), ['b', 'c']);
      assert.equal(await store.labelsAt(workspace, task.id, 3), null);
      assert.equal(await store.labelsAt('ws_other', task.id, 1), null);
    });

    test('lists by slug, a page at a time', async () => {
      const slugs = ['p-1', 'p-2', 'p-3', 'p-4'];
      for (const slug of [...slugs].reverse()) await store.edit(workspace, slug, async () => write(made(slug)));
      const page = async (after: string, limit: number) =>
        (await store.list(workspace, { limit, after })).map(({ slug }) => slug);
      assert.deepEqual(await page('p', 2), ['p-1', 'p-2']);
      assert.deepEqual((await page('p-2', 10)).slice(0, 2), ['p-3', 'p-4']);
      assert.deepEqual(await store.list('ws_other', { limit: 10 }), []);
    });
  });
}
