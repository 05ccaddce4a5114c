import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'understudy-e2e-';
const live = new Set<string>();
const ownProcesses = new Set<number>();

/**
 * A folder that is gone when this process ends, with every process that was started on it: a killed server leaves its
 * PostgreSQL behind, and a failed test must not.
 */
export function scratchFolder(): string {
  if (live.size === 0) {
    sweep();
    process.once('exit', () => live.forEach(removeScratch));
  }
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(folder, 0o711); // PostgreSQL runs under a user of its own when we are root
  live.add(folder);
  return folder;
}

/** A process that ends with this one, whatever its command line says. */
export function endWithUs(pid: number): void {
  ownProcesses.add(pid);
}

/** Ends what runs on the folder and removes it. */
export function removeScratch(folder: string): void {
  live.delete(folder);
  endProcessesOn(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** What a killed test run has left. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) removeScratch(join(tmpdir(), name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Processes whose command line or environment names the folder. Linux only; elsewhere nothing is found. */
export function processesOn(folder: string): number[] {
  let entries: string[];
  try {
    entries = readdirSync('/proc');
  } catch {
    return [];
  }
  return entries.map(Number).filter((pid) => {
    if (!(pid > 0) || pid === process.pid) return false;
    return ['cmdline', 'environ'].some((file) => {
      try {
        return readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(folder);
      } catch {
        return false; // it ended, or is not ours
      }
    });
  });
}

function endProcessesOn(folder: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let round = 0; round < 100; round++) {
    const pids = processesOn(folder);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
    Atomics.wait(pause, 0, 0, 20);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it was faster
  }
}

process.once('exit', () => ownProcesses.forEach(kill));
