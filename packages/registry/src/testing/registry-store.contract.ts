import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { newId } from '@understudy/kernel';
import type { RegistryStore } from '../ports.ts';
import { exampleVersion } from './example-version.ts';

const AT = Date.UTC(2026, 2, 1, 12, 30, 15, 250);
const ignore = async () => {};

/** What every RegistryStore keeps to. Each test works in a workspace of its own. */
export function registryStoreContract(name: string, open: () => Promise<RegistryStore>): void {
  describe(`${name} keeps the RegistryStore contract`, () => {
    let store: RegistryStore;
    let workspace: string;
    before(async () => {
      store = await open();
    });
    beforeEach(() => {
      workspace = newId('ws', AT);
    });

    const add = (model = 'm') => store.addVersion(exampleVersion(workspace, model), AT);
    const move = (alias: string, version: string | null, reason = 'because') =>
      store.setAlias(workspace, 'm', { alias, version, reason, evidence: { p: 0.01 }, by: 'key_1', at: AT }, ignore);

    test('the first version makes the model; a version is read as it was written', async () => {
      assert.equal(await store.findModel(workspace, 'm'), null);
      const version = await add();
      assert.deepEqual(version, { ...exampleVersion(workspace, 'm'), version: '1', createdAt: AT });
      assert.deepEqual(await store.findVersion(workspace, 'm', '1'), version);
      assert.deepEqual(await store.findModel(workspace, 'm'), {
        workspace,
        name: 'm',
        createdAt: AT,
        latestVersion: 1,
        aliases: [],
      });
    });

    test('versions registered at once get numbers of their own, without a gap', async () => {
      const versions = await Promise.all(Array.from({ length: 8 }, () => add()));
      const numbers = versions.map(({ version }) => Number(version)).sort((a, b) => a - b);
      assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
      assert.equal((await store.findModel(workspace, 'm'))?.latestVersion, 8);
    });

    test('what is no version number names no version', async () => {
      await add();
      for (const version of ['0', '2', '01', '1 ', 'x', '-1', '1.0', '99999999999999']) {
        assert.equal(await store.findVersion(workspace, 'm', version), null, version);
      }
    });

    test('lists newest versions first and models by name, a page at a time', async () => {
      for (let i = 0; i < 12; i++) await add();
      for (const model of ['b', 'a']) await add(model);
      const versions = async (page: { limit: number; after?: string }) =>
        (await store.listVersions(workspace, 'm', page)).map(({ version }) => version);
      assert.deepEqual(await versions({ limit: 3 }), ['12', '11', '10']);
      assert.deepEqual(await versions({ limit: 3, after: '10' }), ['9', '8', '7']);
      const models = async (page: { limit: number; after?: string }) =>
        (await store.listModels(workspace, page)).map((model) => model.name);
      assert.deepEqual(await models({ limit: 2 }), ['a', 'b']);
      assert.deepEqual(await models({ limit: 2, after: 'b' }), ['m']);
    });

    test('an alias points at one version; every move is kept with what it replaced', async () => {
      await add();
      await add();
      assert.equal(await move('champion', '1', 'first'), null);
      assert.equal(await move('champion', '2', 'better'), '1');
      await move('old', '1');
      assert.equal((await store.aliasVersion(workspace, 'm', 'champion'))?.version, '2');
      assert.deepEqual((await store.findModel(workspace, 'm'))?.aliases, [
        { alias: 'champion', version: '2' },
        { alias: 'old', version: '1' },
      ]);
      assert.equal(await move('old', null, 'tidy'), '1');
      assert.equal(await store.aliasVersion(workspace, 'm', 'old'), null);
      const history = await store.aliasHistory(workspace, 'm', 3);
      assert.deepEqual(
        history.map(({ alias, version, previous, reason }) => [alias, version, previous, reason]),
        [
          ['old', null, '1', 'tidy'],
          ['old', '1', null, 'because'],
          ['champion', '2', '1', 'better'],
        ],
      );
      assert.deepEqual([history[0]!.evidence, history[0]!.by, history[0]!.at], [{ p: 0.01 }, 'key_1', AT]);
    });

    test('moves made at once form a chain: each replaced what the one before set', async () => {
      for (let i = 0; i < 6; i++) await add();
      await Promise.all(['1', '2', '3', '4', '5', '6'].map((version) => move('champion', version)));
      const history = (await store.aliasHistory(workspace, 'm', 10)).reverse();
      assert.equal(history[0]!.previous, null);
      for (let i = 1; i < 6; i++) assert.equal(history[i]!.previous, history[i - 1]!.version);
    });

    test('a move whose record fails does not happen', async () => {
      await add();
      const failing = store.setAlias(
        workspace,
        'm',
        { alias: 'champion', version: '1', reason: 'r', evidence: {}, by: 'key_1', at: AT },
        () => Promise.reject(new Error('no audit, no move')),
      );
      await assert.rejects(failing, /no audit/);
      assert.equal(await store.aliasVersion(workspace, 'm', 'champion'), null);
      assert.deepEqual(await store.aliasHistory(workspace, 'm', 10), []);
    });

    test('a model that is not there has no alias to move', async () => {
      await assert.rejects(move('champion', '1'), { code: 'model_not_found' });
    });

    test('nothing is seen from another workspace', async () => {
      await add();
      await move('champion', '1');
      const other = newId('ws', AT);
      assert.equal(await store.findModel(other, 'm'), null);
      assert.equal(await store.findVersion(other, 'm', '1'), null);
      assert.equal(await store.aliasVersion(other, 'm', 'champion'), null);
      assert.deepEqual(await store.listModels(other, { limit: 5 }), []);
      assert.deepEqual(await store.listVersions(other, 'm', { limit: 5 }), []);
      assert.deepEqual(await store.aliasHistory(other, 'm', 5), []);
    });
  });
}
