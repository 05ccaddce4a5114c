import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** One way to ask for a prediction; `bodies` are sent in turn. */
export interface Target {
  name: string;
  url: string;
  headers: Record<string, string>;
  bodies: readonly string[];
  /** Throws unless the answer is a right one; returns the label. */
  check(answer: unknown): string;
}

export interface LoadResult {
  requestsPerSecond: number;
  /** Answers with a status below 400. */
  answered: number;
  /** Answers with any other status, and connections that broke or timed out. */
  failed: number;
  p50Ms: number;
  p99Ms: number;
}

const run = promisify(execFile);

// Requests are formatted once, so that the generator spends the machine's two cores on as little as possible.
const LUA = `
local requests, at = {}, 0
function init(args)
  local headers = { ["Content-Type"] = "application/json" }
  for line in io.lines(args[1] .. "/headers") do
    local name, value = line:match("^(.-): (.*)$")
    headers[name] = value
  end
  for body in io.lines(args[1] .. "/bodies") do
    requests[#requests + 1] = wrk.format("POST", nil, headers, body)
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d %d %.0f %.0f\\n", summary.requests, summary.duration, e.status,
    e.connect, e.read, e.write, e.timeout, latency:percentile(50), latency:percentile(99)))
end
`;

export type Generator = 'wrk' | 'autocannon';

/** wrk where it is installed, else autocannon, which itself takes most of a core and so lowers every figure. */
export function findGenerator(): Generator {
  try {
    execFileSync('wrk', ['--version'], { stdio: 'ignore' });
  } catch (error) {
    // wrk --version prints the version and ends with 1; ENOENT means that there is none.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      console.log('wrk is not installed (apt-get install wrk): the load comes from autocannon, for all alike');
      return 'autocannon';
    }
  }
  return 'wrk';
}

/** Closed loop: every connection sends its next request when it has the answer to the last. */
export function load(
  generator: Generator,
  target: Target,
  options: { connections: number; seconds: number; folder: string },
): Promise<LoadResult> {
  return generator === 'wrk' ? loadByWrk(target, options) : loadByAutocannon(target, options);
}

async function loadByWrk(
  target: Target,
  { connections, seconds, folder }: { connections: number; seconds: number; folder: string },
): Promise<LoadResult> {
  const headers = Object.entries(target.headers).map(([name, value]) => `${name}: ${value}\n`);
  writeFileSync(join(folder, 'headers'), headers.join(''));
  writeFileSync(join(folder, 'bodies'), `${target.bodies.join('\n')}\n`);
  writeFileSync(join(folder, 'load.lua'), LUA);
  const { stdout } = await run('wrk', [
    '--threads=1',
    `--connections=${connections}`,
    `--duration=${seconds}s`,
    '--timeout=10s',
    `--script=${join(folder, 'load.lua')}`,
    target.url,
    '--',
    folder,
  ]);
  const match = /^RESULT (.*)$/m.exec(stdout);
  if (match === null) throw new Error(`wrk printed no result:\n${stdout}`);
  const [requests, microseconds, status, connect, read, write, timeout, p50, p99] = match[1]!.split(' ').map(Number);
  const answered = requests! - status!;
  return {
    requestsPerSecond: answered / (microseconds! / 1e6),
    answered,
    failed: status! + connect! + read! + write! + timeout!,
    p50Ms: p50! / 1000,
    p99Ms: p99! / 1000,
  };
}

async function loadByAutocannon(
  target: Target,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<LoadResult> {
  const { default: autocannon } = await import('autocannon');
  const result = await autocannon({
    url: target.url,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...target.headers },
    requests: target.bodies.map((body) => ({ body })),
  });
  return {
    requestsPerSecond: result['2xx'] / result.duration,
    answered: result['2xx'],
    failed: result.non2xx + result.errors + result.timeouts,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

/** Asks for each of some bodies once and checks every answer; returns the labels. */
export async function verify(target: Target, count: number): Promise<string[]> {
  const labels: string[] = [];
  for (const body of target.bodies.slice(0, count)) {
    const headers = { 'Content-Type': 'application/json', ...target.headers };
    const response = await fetch(target.url, { method: 'POST', headers, body });
    if (response.status !== 200) {
      throw new Error(`${target.name} answered ${response.status}: ${await response.text()}`);
    }
    labels.push(target.check(await response.json()));
  }
  return labels;
}
