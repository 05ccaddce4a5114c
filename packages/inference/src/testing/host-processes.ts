import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the model host processes that a process started and that are alive. Reads /proc: Linux only. */
export function hostProcesses(parent: number = process.pid): number[] {
  return readdirSync(`/proc/${parent}/task`)
    .flatMap((thread) => read(`/proc/${parent}/task/${thread}/children`).trim().split(' '))
    .map(Number)
    .filter((pid) => pid > 0 && read(`/proc/${pid}/cmdline`).includes('host-process.ts'));
}

/** Resident memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  return 4096 * Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0);
}

/** How many threads a process has. */
export function threadsOf(pid: number): number {
  return Number(/^Threads:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** False also for a process that has ended and that nobody has waited for. */
export function isRunning(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== '' && !/^\d+ \(.*\) [ZX]/.test(stat);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
