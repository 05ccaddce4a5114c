import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { isUnderstudyError } from '@understudy/kernel';
import { objectStoreContract } from '@understudy/lake/testing';
import { FilesystemObjectStore } from './filesystem-object-store.ts';

const coded = (code: string) => (error: unknown) => isUnderstudyError(error) && error.code === code;

async function* once1(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-objects-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

objectStoreContract('filesystem', {
  async create() {
    const directory = await mkdtemp(join(tmpdir(), 'understudy-objects-'));
    return {
      store: await FilesystemObjectStore.open({ directory }),
      corrupt: async (key, change) => writeFile(join(directory, key), change(await readFile(join(directory, key)))),
      close: () => rm(directory, { recursive: true, force: true }),
    };
  },
});

describe('filesystem objects', () => {
  test('symbolic links inside the root are not followed, neither as folder nor as object', () =>
    withFolder(async (folder) => {
      const outside = join(folder, 'outside');
      const root = join(folder, 'root');
      await mkdir(outside);
      await writeFile(join(outside, 'secret'), 'secret');
      const store = await FilesystemObjectStore.open({ directory: root });
      await symlink(outside, join(root, 'way-out'));
      await symlink(join(outside, 'secret'), join(root, 'object'));
      for (const key of ['way-out/secret', 'object']) {
        const sha256 = createHash('sha256').update('secret').digest('hex');
        await assert.rejects(collect(store.get(key, { sha256 })), coded('invalid_object_key'));
        await assert.rejects(store.head(key), coded('invalid_object_key'));
      }
      await assert.rejects(store.put('way-out/new', once1(Buffer.from('x'))), coded('invalid_object_key'));
      await assert.rejects(store.put('object', once1(Buffer.from('x'))), coded('invalid_object_key'));
      await assert.rejects(store.delete('way-out/secret'), coded('invalid_object_key'));
      const listed = [];
      for await (const { key } of store.list('')) listed.push(key);
      assert.deepEqual(listed, []);
      assert.equal(await readFile(join(outside, 'secret'), 'utf8'), 'secret');
      assert.deepEqual(await readdir(outside), ['secret']);
    }));

  test('a full disk is storage_full, leaves nothing, and the same key works after', () =>
    withFolder(async (folder) => {
      let full = true;
      const store = await FilesystemObjectStore.open({
        directory: folder,
        openFile: async (path, flags, mode) => {
          const handle = await open(path, flags, mode);
          const write = handle.write.bind(handle) as (...parameters: unknown[]) => Promise<{ bytesWritten: number }>;
          let written = 0;
          Object.defineProperty(handle, 'write', {
            value: async (...parameters: unknown[]) => {
              if (full && written > 100_000) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
              const result = await write(...parameters);
              written += result.bytesWritten;
              return result;
            },
          });
          return handle;
        },
      });
      const content = async function* () {
        for (let i = 0; i < 10; i++) yield Buffer.alloc(50_000, 'x');
      };
      await assert.rejects(store.put('a/b', content()), coded('storage_full'));
      assert.equal(await store.head('a/b'), null);
      assert.deepEqual(await readdir(join(folder, '.incoming')), []);
      full = false;
      assert.equal((await store.put('a/b', content())).bytes, 500_000);
    }));

  test('kill -9 during writes ×20: every listed object is whole, and the next start sweeps the rest', () =>
    withFolder(async (folder) => {
      const child = new URL('./testing/writing-process.ts', import.meta.url).pathname;
      let acknowledged = 0;
      let orphans = 0;
      for (let round = 0; round < 20; round++) {
        const writer = spawn(process.execPath, [child, folder, String(round)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const acks: { key: string; sha256: string }[] = [];
        const lines = createInterface({ input: writer.stdout });
        const exited = once(writer, 'exit');
        // The kill comes right after an acknowledgement or a "half written" note, whichever this round waits for.
        for await (const line of lines) {
          if (line.startsWith('{')) acks.push(JSON.parse(line));
          if (line === (round % 2 === 0 ? `half ${round % 5}` : `done ${round % 5}`)) writer.kill('SIGKILL');
        }
        await exited;
        orphans += (await readdir(join(folder, '.incoming'))).length;
        const store = await FilesystemObjectStore.open({ directory: folder });
        assert.deepEqual(await readdir(join(folder, '.incoming')), []);
        for (const { key, sha256 } of acks) {
          await collect(store.get(key, { sha256 }));
          acknowledged++;
        }
        for await (const { key } of store.list('')) {
          // The writer puts the digest of the content into the key.
          await collect(store.get(key, { sha256: key.slice(-64) }));
        }
      }
      assert.ok(acknowledged >= 20, `${acknowledged} objects were acknowledged`);
      assert.ok(orphans >= 5, `${orphans} unfinished files were swept`);
    }));
});
