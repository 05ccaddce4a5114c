import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessMemory {
  pid: number;
  command: string;
  /** Proportional set size: private memory, and of shared memory this process's share. Bytes. */
  pss: number;
  /** Resident set size, in which shared memory counts in every process. Bytes. */
  rss: number;
}

interface Listed {
  pid: number;
  parent: number;
  command: string;
}

function listProcesses(): Listed[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), command }];
    } catch {
      return []; // it has ended
    }
  });
}

/**
 * The memory of a server and all it started: its descendants, and every process that names its data directory (the
 * embedded PostgreSQL, which pg_ctl hands over to init) with theirs. Linux only.
 */
export function memoryOf(server: number, dataDir: string): ProcessMemory[] {
  const all = listProcesses();
  const wanted = new Set(
    all.filter(({ pid, command }) => pid === server || command.includes(dataDir)).map(({ pid }) => pid),
  );
  wanted.delete(process.pid);
  for (let grown = true; grown; ) {
    const children = all.filter(({ pid, parent }) => wanted.has(parent) && !wanted.has(pid));
    for (const { pid } of children) wanted.add(pid);
    grown = children.length > 0;
  }
  return all
    .filter(({ pid }) => wanted.has(pid))
    .flatMap(({ pid, command }) => {
      try {
        const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
        const bytes = (field: string) => Number(new RegExp(`^${field}: +(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) * 1024;
        return [{ pid, command, pss: bytes('Pss'), rss: bytes('Rss') }];
      } catch {
        return [];
      }
    });
}

export const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;

const TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux that Node runs on

/** Seconds of CPU that a server and all it ever started (see {@link memoryOf}) have used until now. Linux only. */
export function cpuSeconds(server: number, dataDir: string): number {
  let ticks = 0;
  for (const { pid } of memoryOf(server, dataDir)) {
    // One that has just ended: its parent counts for it the next time.
    const { own, ofChildren } = ticksOf(pid) ?? { own: 0, ofChildren: 0 };
    ticks += own + ofChildren;
  }
  return ticks / TICKS_PER_SECOND;
}

/** Seconds of CPU that one process has used until now, its children left out; NaN where nobody says. */
export const ownCpuSeconds = (pid: number): number => (ticksOf(pid)?.own ?? Number.NaN) / TICKS_PER_SECOND;

/** As proc_pid_stat(5) has them: of the process itself, and of its children that have ended. */
function ticksOf(pid: number): { own: number; ofChildren: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system, childrenUser, childrenSystem] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
      .map(Number);
    return { own: user! + system!, ofChildren: childrenUser! + childrenSystem! };
  } catch {
    return null; // it has ended, or there is no /proc
  }
}
