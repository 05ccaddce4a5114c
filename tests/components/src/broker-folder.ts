import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'understudy-component-';
const live = new Set<string>();

/** Where installed components are kept between runs. */
export function componentsFolder(): string {
  return process.env.UNDERSTUDY_TEST_COMPONENTS ?? join(homedir(), '.cache', 'understudy-components');
}

/** A folder for a broker's data that is gone when this process ends. */
export function brokerFolder(): string {
  if (live.size === 0) {
    sweep();
    process.once('exit', () => live.forEach(removeBrokerFolder));
  }
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  live.add(folder);
  return folder;
}

export function removeBrokerFolder(folder: string): void {
  live.delete(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** Ports that are free now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Ends and removes what a killed test run has left. Linux only; elsewhere no process is found. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!(pid > 0) || isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    for (const left of processesOn(folder)) process.kill(left, 'SIGKILL');
    removeBrokerFolder(folder);
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

function processesOn(folder: string): number[] {
  let entries: string[] = [];
  try {
    entries = readdirSync('/proc');
  } catch {
    // not Linux
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
