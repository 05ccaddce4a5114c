import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { isUnderstudyError } from '@understudy/kernel';
import type { ObjectStore } from '../ports.ts';

/** What the suite needs of a driver: a fresh, empty store, and a way to damage an object behind its back. */
export interface ObjectStoreHarness {
  create(): Promise<{
    store: ObjectStore;
    corrupt(key: string, change: (bytes: Buffer) => Buffer): Promise<void>;
    close(): Promise<void>;
  }>;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const coded = (code: string) => (error: unknown) => isUnderstudyError(error) && error.code === code;

async function* streamOf(bytes: Uint8Array, size = 65536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function keys(store: ObjectStore, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(prefix)) found.push(key);
  return found.sort();
}

/** Every way out of the store that we know of, 1–3 times encoded: more than 500 strings. */
export function traversalStrings(): string[] {
  const targets = ['etc/passwd', 'root', 'x', 'windows/win.ini', '.ssh/id_rsa'];
  const ups = [
    '..',
    '../..',
    '../../..',
    '..\\',
    '..\\..',
    '....//',
    '..;',
    '.../',
    '.',
    '~',
    '/..',
    './..',
    '..\u0000',
  ];
  const raw: string[] = [
    '',
    '/',
    '//',
    '\\',
    '.',
    '..',
    '\u0000',
    'a\u0000b',
    'C:\\x',
    '\\\\host\\share',
    'a//b',
    'a/',
    '/a',
    'a/./b',
    'a/../b',
    'A',
    'é',
    'a b',
    'a\nb',
    '-a',
    '.a',
    '_a',
    'a:b',
    'a%2fb',
    'file:///x',
    'con\u0007',
  ];
  for (const up of ups)
    for (const target of targets)
      raw.push(`${up}/${target}`, `a/${up}/${target}`, `/${up}/${target}`, `${up}\\${target}`);
  const encode = (text: string) =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const once = raw.filter((text) => text !== '').map(encode);
  const twice = once.map((text) => text.replaceAll('%', '%25'));
  const thrice = twice.map((text) => text.replaceAll('%', '%25'));
  return [...raw, ...once, ...twice, ...thrice, `${'a/'.repeat(9)}b`, 'a'.repeat(129), 'a/'.repeat(300)];
}

/** The promises of the ObjectStore port, run against each driver and the fake. */
export function objectStoreContract(name: string, harness: ObjectStoreHarness): void {
  const withStore = async (
    work: (
      store: ObjectStore,
      corrupt: (key: string, change: (bytes: Buffer) => Buffer) => Promise<void>,
    ) => Promise<void>,
  ) => {
    const { store, corrupt, close } = await harness.create();
    try {
      await work(store, corrupt);
    } finally {
      await close();
    }
  };

  describe(`${name}: ObjectStore contract`, () => {
    test('gives back what was put, of any size', () =>
      withStore(async (store) => {
        for (const size of [0, 1, 65535, 65536, 65537, 3_000_001]) {
          const bytes = Buffer.alloc(size, `size ${size};`);
          const info = await store.put(`things/size-${size}.bin`, streamOf(bytes));
          assert.deepEqual(info, { key: `things/size-${size}.bin`, sha256: sha256(bytes), bytes: size });
          assert.ok((await collect(store.get(info.key, info))).equals(bytes));
          assert.deepEqual(await store.head(info.key), { key: info.key, bytes: size });
        }
      }));

    test('a key is written once: equal bytes pass, others are refused and change nothing', () =>
      withStore(async (store) => {
        const info = await store.put('a/one', streamOf(Buffer.from('one')));
        assert.deepEqual(await store.put('a/one', streamOf(Buffer.from('one'))), info);
        await assert.rejects(store.put('a/one', streamOf(Buffer.from('two'))), coded('object_exists'));
        await assert.rejects(store.put('a/one', streamOf(Buffer.from('o'))), coded('object_exists'));
        assert.equal((await collect(store.get('a/one', info))).toString(), 'one');
      }));

    test('of many writers of one key with different bytes exactly one wins, whole', () =>
      withStore(async (store) => {
        const contents = Array.from({ length: 8 }, (_, i) => Buffer.alloc(200_000, `writer ${i};`));
        const results = await Promise.allSettled(contents.map((bytes) => store.put('race/key', streamOf(bytes, 1000))));
        const winners = results.filter((result) => result.status === 'fulfilled');
        assert.equal(winners.length, 1);
        for (const result of results)
          if (result.status === 'rejected') assert.ok(coded('object_exists')(result.reason));
        const info = winners[0]!.value;
        assert.equal(sha256(await collect(store.get('race/key', info))), info.sha256);
      }));

    test('a source that breaks leaves nothing visible', () =>
      withStore(async (store) => {
        const broken = async function* () {
          yield Buffer.alloc(100_000, 'x');
          throw new Error('the line went dead');
        };
        await assert.rejects(store.put('a/partial', broken()), /the line went dead/);
        assert.equal(await store.head('a/partial'), null);
        assert.deepEqual(await keys(store, ''), []);
        await store.put('a/partial', streamOf(Buffer.from('now it works')));
      }));

    test('nothing is visible before the last byte has come', () =>
      withStore(async (store) => {
        const watching = async function* () {
          yield Buffer.from('first half, ');
          assert.equal(await store.head('a/slow'), null);
          assert.deepEqual(await keys(store, ''), []);
          yield Buffer.from('second half');
        };
        const info = await store.put('a/slow', watching());
        assert.equal(info.bytes, 23);
      }));

    test('damage is found before the last byte is handed over', () =>
      withStore(async (store, corrupt) => {
        const bytes = Buffer.alloc(1_000_000, 'precious ');
        const changes: [string, (bytes: Buffer) => Buffer][] = [
          [
            'flip',
            (present) => Buffer.concat([present.subarray(0, 500_000), Buffer.from('X'), present.subarray(500_001)]),
          ],
          ['truncate', (present) => present.subarray(0, 999_999)],
          ['extend', (present) => Buffer.concat([present, Buffer.from('!')])],
          ['empty', () => Buffer.alloc(0)],
        ];
        for (const [how, change] of changes) {
          const info = await store.put(`damaged/${how}`, streamOf(bytes));
          await corrupt(info.key, change);
          let received = 0;
          await assert.rejects(async () => {
            for await (const chunk of store.get(info.key, info)) received += chunk.length;
          }, coded('object_corrupt'));
          assert.ok(received < change(bytes).length || received === 0, `${how}: ${received} bytes were handed over`);
        }
      }));

    test('lists by prefix', () =>
      withStore(async (store) => {
        for (const key of ['a/b/one', 'a/b/two', 'a/bc', 'd']) await store.put(key, streamOf(Buffer.from(key)));
        assert.deepEqual(await keys(store, ''), ['a/b/one', 'a/b/two', 'a/bc', 'd']);
        assert.deepEqual(await keys(store, 'a/b/'), ['a/b/one', 'a/b/two']);
        assert.deepEqual(await keys(store, 'a/b'), ['a/b/one', 'a/b/two', 'a/bc']);
        assert.deepEqual(await keys(store, 'nothing'), []);
      }));

    test('deletes, and says whether there was something', () =>
      withStore(async (store) => {
        const info = await store.put('a/gone', streamOf(Buffer.from('x')));
        assert.equal(await store.delete('a/gone'), true);
        assert.equal(await store.delete('a/gone'), false);
        assert.equal(await store.head('a/gone'), null);
        await assert.rejects(collect(store.get('a/gone', info)), coded('object_not_found'));
      }));

    test('every traversal string is refused by every method', () =>
      withStore(async (store) => {
        const strings = traversalStrings();
        assert.ok(strings.length >= 500, `${strings.length} strings`);
        for (const key of strings) {
          await assert.rejects(store.put(key, streamOf(Buffer.from('x'))), coded('invalid_object_key'), key);
          await assert.rejects(collect(store.get(key, { sha256: '' })), coded('invalid_object_key'), key);
          await assert.rejects(store.head(key), coded('invalid_object_key'), key);
          await assert.rejects(store.delete(key), coded('invalid_object_key'), key);
        }
        assert.deepEqual(await keys(store, ''), []);
      }));
  });
}
