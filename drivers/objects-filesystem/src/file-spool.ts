import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Spool, SpoolFile } from '@understudy/lake';
import { codedStorageError } from './storage-errors.ts';
import { claimTemporary, sweepTemporaries, temporaryName } from './temporary-files.ts';

const READ_BYTES = 1 << 20;

/**
 * Spool files in a local folder. The first `memoryBytes` stay in memory, so that a small import touches no disk.
 * The file has no name any more once it is open: whatever happens to the process, the kernel frees it.
 */
export class FileSpool implements Spool {
  readonly #directory: string;
  readonly #memoryBytes: number;

  private constructor(directory: string, memoryBytes: number) {
    this.#directory = directory;
    this.#memoryBytes = memoryBytes;
  }

  static async open(options: { directory: string; memoryBytes?: number }): Promise<FileSpool> {
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    await sweepTemporaries(options.directory);
    return new FileSpool(options.directory, options.memoryBytes ?? 4 << 20);
  }

  open(): SpoolFile {
    return new LocalSpoolFile(this.#directory, this.#memoryBytes);
  }
}

class LocalSpoolFile implements SpoolFile {
  readonly #directory: string;
  readonly #memoryBytes: number;
  #pending: string[] = [];
  #pendingLength = 0;
  #handle: FileHandle | undefined;

  constructor(directory: string, memoryBytes: number) {
    this.#directory = directory;
    this.#memoryBytes = memoryBytes;
  }

  async write(chunk: string): Promise<void> {
    this.#pending.push(chunk);
    this.#pendingLength += chunk.length;
    if (this.#pendingLength > this.#memoryBytes) await this.#spill();
  }

  async *read(): AsyncGenerator<string> {
    if (this.#handle === undefined) {
      yield* this.#pending;
      return;
    }
    await this.#spill();
    let rest = Buffer.alloc(0);
    for (let position = 0; ; ) {
      const { bytesRead, buffer } = await this.#handle.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const end = buffer.lastIndexOf(10, bytesRead - 1) + 1;
      if (end === 0) {
        rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        continue;
      }
      yield Buffer.concat([rest, buffer.subarray(0, end)]).toString('utf8');
      rest = Buffer.from(buffer.subarray(end, bytesRead));
    }
    if (rest.length > 0) yield rest.toString('utf8');
  }

  async discard(): Promise<void> {
    this.#pending = [];
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #spill(): Promise<void> {
    try {
      this.#handle ??= await this.#create();
      const bytes = Buffer.from(this.#pending.join(''), 'utf8');
      this.#pending = [];
      this.#pendingLength = 0;
      for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten;
    } catch (error) {
      throw codedStorageError(error);
    }
  }

  async #create(): Promise<FileHandle> {
    const path = join(this.#directory, temporaryName());
    const release = claimTemporary(path);
    try {
      const handle = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600);
      await unlink(path);
      return handle;
    } finally {
      release();
    }
  }
}
