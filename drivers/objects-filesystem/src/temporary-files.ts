import { randomBytes } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Temporary files carry the process that writes them, so that a sweep spares those that are still being written. */
export function temporaryName(): string {
  return `${process.pid}-${randomBytes(12).toString('hex')}.tmp`;
}

const own = new Set<string>();

/** Names made by this process stay safe from a sweep by this process until they are released. */
export function claimTemporary(path: string): () => void {
  own.add(path);
  return () => own.delete(path);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Deletes what processes that are gone have left behind. Returns how many files that were. */
export async function sweepTemporaries(directory: string): Promise<number> {
  let swept = 0;
  for (const name of await readdir(directory)) {
    const match = /^(\d{1,10})-[0-9a-f]{24}\.tmp$/.exec(name);
    if (match === null) continue;
    const pid = Number(match[1]);
    const path = join(directory, name);
    if (pid === process.pid ? own.has(path) : isAlive(pid)) continue;
    await unlink(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    swept++;
  }
  return swept;
}
