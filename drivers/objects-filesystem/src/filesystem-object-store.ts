import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { checkedStream, checkObjectKey, lakeErrors, type ObjectInfo, type ObjectStore } from '@understudy/lake';
import { codedStorageError } from './storage-errors.ts';
import { claimTemporary, sweepTemporaries, temporaryName } from './temporary-files.ts';

const TEMPORARY = '.incoming';
const CHUNK = 256 * 1024;
/** File systems without hard links say one of these. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

export interface FilesystemObjectStoreOptions {
  /** The folder that holds the objects; made when absent. Nobody else may write into it. */
  directory: string;
  /** How a temporary file is opened; tests pass one that fails. */
  openFile?: (path: string, flags: number, mode: number) => Promise<FileHandle>;
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | null)?.code;

/**
 * Objects as files: written aside, fsynced, linked into place (which, unlike rename, never replaces), folders
 * fsynced. After a crash at any moment an object is there whole or not at all.
 */
export class FilesystemObjectStore implements ObjectStore {
  readonly #root: string;
  readonly #open: NonNullable<FilesystemObjectStoreOptions['openFile']>;
  /** Serialises the last step of writers of one key where the file system has no hard links. */
  readonly #publishing = new Map<string, Promise<unknown>>();

  private constructor(options: FilesystemObjectStoreOptions) {
    this.#root = options.directory;
    this.#open = options.openFile ?? open;
  }

  /** Makes the folder, and sweeps away what a crash has left of unfinished objects. */
  static async open(options: FilesystemObjectStoreOptions): Promise<FilesystemObjectStore> {
    await mkdir(join(options.directory, TEMPORARY), { recursive: true, mode: 0o700 });
    await sweepTemporaries(join(options.directory, TEMPORARY));
    return new FilesystemObjectStore(options);
  }

  async put(key: string, content: AsyncIterable<Uint8Array>): Promise<ObjectInfo> {
    const path = this.#path(key);
    const temporary = join(this.#root, TEMPORARY, temporaryName());
    const release = claimTemporary(temporary);
    let handle: FileHandle | undefined;
    try {
      const hash = createHash('sha256');
      let bytes = 0;
      handle = await this.#open(temporary, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
      for await (const chunk of content) {
        hash.update(chunk);
        bytes += chunk.length;
        await writeAll(handle, chunk);
      }
      await handle.sync();
      await handle.close();
      handle = undefined;
      const info = { key, sha256: hash.digest('hex'), bytes };
      await this.#publish(temporary, path, info);
      return info;
    } catch (error) {
      throw codedStorageError(error);
    } finally {
      await handle?.close().catch(() => {});
      await unlink(temporary).catch(() => {});
      release();
    }
  }

  async *get(key: string, expected: { sha256: string }): AsyncGenerator<Uint8Array> {
    const handle = await this.#openObject(key);
    if (handle === null) throw lakeErrors.object_not_found(`no object ${key}`, { details: { key } });
    try {
      yield* checkedStream(chunksOf(handle), key, expected.sha256);
    } finally {
      await handle.close();
    }
  }

  async head(key: string): Promise<{ key: string; bytes: number } | null> {
    const handle = await this.#openObject(key);
    if (handle === null) return null;
    try {
      return { key, bytes: (await handle.stat()).size };
    } finally {
      await handle.close();
    }
  }

  async *list(prefix: string): AsyncGenerator<{ key: string; bytes: number }> {
    yield* this.#walk('', prefix);
  }

  async delete(key: string): Promise<boolean> {
    const path = this.#path(key);
    if (!(await this.#checkFolders(key))) return false;
    try {
      await unlink(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
    await syncFolder(join(path, '..'));
    return true;
  }

  #path(key: string): string {
    return join(this.#root, ...checkObjectKey(key).split('/'));
  }

  /** Refuses a symbolic link (or a file) where a folder of the key should be. False when a folder is missing. */
  async #checkFolders(key: string): Promise<boolean> {
    let folder = this.#root;
    for (const segment of key.split('/').slice(0, -1)) {
      folder = join(folder, segment);
      const stats = await lstat(folder).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return null;
        throw error;
      });
      if (stats === null) return false;
      if (!stats.isDirectory())
        throw lakeErrors.invalid_object_key('the object key leads through something that is not a folder');
    }
    return true;
  }

  async #openObject(key: string): Promise<FileHandle | null> {
    const path = this.#path(key);
    if (!(await this.#checkFolders(key))) return null;
    let handle: FileHandle;
    try {
      handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      if (codeOf(error) === 'ELOOP') throw lakeErrors.invalid_object_key('the object key names a symbolic link');
      throw error;
    }
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    return null;
  }

  async #publish(temporary: string, path: string, info: ObjectInfo): Promise<void> {
    await this.#makeFolders(info.key);
    try {
      await link(temporary, path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') await this.#checkEqual(info);
      else if (NO_LINKS.has(codeOf(error) ?? '')) await this.#renameAlone(temporary, path, info);
      else throw error;
    }
    // Also where the object was there before: its first writer may have died between the link and this.
    await syncFolder(join(path, '..'));
  }

  async #renameAlone(temporary: string, path: string, info: ObjectInfo): Promise<void> {
    const before = this.#publishing.get(path) ?? Promise.resolve();
    const turn = before
      .catch(() => {})
      .then(async () => {
        if ((await this.head(info.key)) !== null) return this.#checkEqual(info);
        await rename(temporary, path);
      });
    this.#publishing.set(path, turn);
    try {
      await turn;
    } finally {
      if (this.#publishing.get(path) === turn) this.#publishing.delete(path);
    }
  }

  async #checkEqual(info: ObjectInfo): Promise<void> {
    const handle = await this.#openObject(info.key);
    if (handle === null) throw lakeErrors.object_exists(`the key ${info.key} is taken by something else`);
    try {
      const hash = createHash('sha256');
      for await (const chunk of chunksOf(handle)) hash.update(chunk);
      if (hash.digest('hex') !== info.sha256) throw lakeErrors.object_exists(`the key ${info.key} holds other bytes`);
    } finally {
      await handle.close();
    }
  }

  async #makeFolders(key: string): Promise<void> {
    if (await this.#checkFolders(key)) return;
    let folder = this.#root;
    for (const segment of key.split('/').slice(0, -1)) {
      const parent = folder;
      folder = join(folder, segment);
      try {
        await mkdir(folder, { mode: 0o700 });
        await syncFolder(parent);
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
    }
    await this.#checkFolders(key);
  }

  async *#walk(folder: string, prefix: string): AsyncGenerator<{ key: string; bytes: number }> {
    for (const entry of await readdir(join(this.#root, folder), { withFileTypes: true }).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    })) {
      const key = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== TEMPORARY) {
        if (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)) yield* this.#walk(key, prefix);
      } else if (entry.isFile() && key.startsWith(prefix)) {
        const stats = await lstat(join(this.#root, key)).catch(() => null);
        if (stats !== null) yield { key, bytes: stats.size };
      }
    }
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at, chunk.length - at)).bytesWritten;
}

async function* chunksOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Makes a new or removed name in a folder durable. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
