import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Target } from './load.ts';
import type { TextRow } from './text-datasets.ts';

const PEERS = fileURLToPath(new URL('../peers', import.meta.url));

/** A server that runs beside ours. */
export interface PeerProcess {
  target: Target;
  stop(): Promise<void>;
}

/** The folder that peers/install.sh filled; null when it has not run. */
export function findVenv(program = 'mlserver'): string | null {
  const venv = process.env.UNDERSTUDY_BENCH_VENV ?? fileURLToPath(new URL('../.cache/venv', import.meta.url));
  return existsSync(join(venv, 'bin', program)) ? venv : null;
}

// One thread a process: the peers use both cores by their processes, and more threads only get in each other's way.
// scikit-learn's checks of its own parameters and of finite numbers are off, as its documentation advises for speed.
const environment = (extra: Record<string, string>) => ({
  PATH: process.env.PATH,
  PYTHONPATH: PEERS,
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  SKLEARN_ASSUME_FINITE: 'true',
  SKLEARN_SKIP_PARAMETER_VALIDATION: 'true',
  ...extra,
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A process group of its own, so that its workers end with it. */
async function startPeer(command: string[], env: NodeJS.ProcessEnv, cwd: string, target: Target): Promise<PeerProcess> {
  const child = spawn(command[0]!, command.slice(1), { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    });
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    signalGroup(child, 'SIGTERM');
    const stubborn = setTimeout(() => signalGroup(child, 'SIGKILL'), 10_000);
    await ended;
    clearTimeout(stubborn);
  };
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null) throw new Error(`${target.name} ended with ${child.exitCode}:\n${output}`);
    const headers = { 'Content-Type': 'application/json' };
    const up = await fetch(target.url, { method: 'POST', headers, body: target.bodies[0]! }).then(
      async (response) => ({ ok: response.ok, text: await response.text() }),
      () => ({ ok: false, text: '' }),
    );
    if (up.ok) return { target, stop };
    if (attempt === 600) {
      await stop();
      throw new Error(`${target.name} did not come up: ${up.text}\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // it has ended
  }
}

/** Fits the scikit-learn pipeline on the same rows; returns the model file. */
export function fitPeerModel(venv: string, rows: readonly TextRow[], folder: string): string {
  const train = join(folder, 'train.ndjson');
  const model = join(folder, 'model.joblib');
  writeFileSync(train, rows.map(({ text, label }) => `${JSON.stringify({ text, label })}\n`).join(''));
  execFileSync(join(venv, 'bin', 'python'), [join(PEERS, 'text_pipeline.py'), train, model], { env: environment({}) });
  return model;
}

/** FastAPI under uvicorn with two workers. */
export async function startFastApi(
  venv: string,
  model: string,
  folder: string,
  texts: readonly string[],
): Promise<PeerProcess> {
  const port = await freePort();
  const target: Target = {
    name: 'FastAPI, 2 workers',
    url: `http://127.0.0.1:${port}/predict`,
    headers: {},
    bodies: texts.map((text) => JSON.stringify({ input: { text } })),
    check(answer) {
      const { label, candidates } = answer as { label: string; candidates: unknown[] };
      if (typeof label !== 'string' || candidates.length === 0) throw new Error('FastAPI gave no label');
      return label;
    },
  };
  const flags = [
    '--workers',
    '2',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--no-access-log',
    '--log-level',
    'warning',
  ];
  const command = [
    join(venv, 'bin', 'uvicorn'),
    'fastapi_app:app',
    '--loop',
    'uvloop',
    '--http',
    'httptools',
    ...flags,
  ];
  return startPeer(command, environment({ PEER_MODEL: model }), folder, target);
}

/** MLServer with adaptive batching, over its V2 REST interface. */
export async function startMlServer(
  venv: string,
  model: string,
  folder: string,
  texts: readonly string[],
  labels: readonly string[],
): Promise<PeerProcess> {
  const repository = join(folder, 'mlserver');
  mkdirSync(repository, { recursive: true });
  const port = await freePort();
  const settings = {
    host: '127.0.0.1',
    http_port: port,
    grpc_port: await freePort(),
    metrics_port: await freePort(),
    parallel_workers: Number(process.env.UNDERSTUDY_BENCH_MLSERVER_WORKERS ?? '1'),
    debug: false,
    use_structured_logging: false,
  };
  const modelSettings = {
    name: 'texts',
    implementation: 'mlserver_sklearn.SKLearnModel',
    max_batch_size: 32,
    max_batch_time: 0.005,
    parameters: { uri: model, content_type: 'str' },
  };
  writeFileSync(join(repository, 'settings.json'), JSON.stringify(settings));
  writeFileSync(join(repository, 'model-settings.json'), JSON.stringify(modelSettings));
  const target: Target = {
    name: 'MLServer, adaptive batching',
    url: `http://127.0.0.1:${port}/v2/models/texts/infer`,
    headers: {},
    bodies: texts.map((text) =>
      JSON.stringify({
        inputs: [{ name: 'text', shape: [1, 1], datatype: 'BYTES', parameters: { content_type: 'str' }, data: [text] }],
        outputs: [{ name: 'predict_proba' }],
      }),
    ),
    check(answer) {
      const { outputs } = answer as { outputs: { data: number[] }[] };
      const scores = outputs[0]!.data;
      if (scores.length !== labels.length) throw new Error('MLServer gave another number of probabilities');
      return labels[scores.indexOf(Math.max(...scores))]!;
    },
  };
  const command = [join(venv, 'bin', 'mlserver'), 'start', repository];
  return startPeer(command, environment({ PROMETHEUS_MULTIPROC_DIR: folder }), repository, target);
}
