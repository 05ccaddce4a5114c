import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { encodeFrame, type Frame, FrameReader, Op } from './frames.ts';
import { giveBackMemory } from './give-back-memory.ts';

/**
 * The entry of a model host: a child process that gives each model a thread and passes frames between the gateway
 * and the threads. It never touches a model itself, so that a model that loops cannot hold up the others; a native
 * crash of one takes this process, and only this process, down.
 */
interface Settings {
  runtimes: string[];
  maxMemoryBytes: number;
}

interface Thread {
  worker: Worker;
  /** The call that loads it, until that is answered. */
  loading: number;
  /** What it may hold: the largest model while it loads, then what the runtime said that it holds. */
  bytes: number;
}

const settings = JSON.parse(process.argv[2] ?? '{}') as Settings;
const threads = new Map<number, Thread>();
const pipe = new Socket({ fd: 3, readable: true, writable: true });
const EMPTY = new Uint8Array(0);

function send(call: number, model: number, op: Op, payload: Uint8Array): void {
  for (const chunk of encodeFrame(call, model, op, payload)) pipe.write(chunk);
}

function startThread(model: number, format: string, loading: number): Worker {
  void threads.get(model)?.worker.terminate(); // one thread a model, whatever the gateway believes
  const worker = new Worker(new URL('./model-thread.ts', import.meta.url), {
    workerData: { runtimes: settings.runtimes, format, maxMemoryBytes: settings.maxMemoryBytes },
    resourceLimits: { maxOldGenerationSizeMb: Math.max(64, Math.ceil(settings.maxMemoryBytes / 2 ** 20)) },
  });
  const thread: Thread = { worker, loading, bytes: settings.maxMemoryBytes };
  worker.on('message', (message: { call: number; op: Op; payload: Uint8Array; bytes?: number }) => {
    if (threads.get(model) !== thread) return; // replaced or ended meanwhile
    if (message.call === thread.loading) {
      thread.bytes = message.bytes ?? 0;
      thread.loading = 0;
    }
    send(message.call, model, message.op, message.payload);
  });
  const gone = (reason: string) => {
    if (threads.get(model) !== thread) return;
    threads.delete(model);
    send(0, model, Op.gone, Buffer.from(reason.slice(0, 500)));
  };
  worker.on('error', (error: Error) => gone(error.message));
  worker.on('exit', (code) => gone(`its thread ended with code ${code}`));
  threads.set(model, thread);
  return worker;
}

/** `payload` of load: `u32 length of format · format · artifact`. */
function load(frame: Frame): void {
  const view = Buffer.from(frame.payload.buffer, frame.payload.byteOffset, frame.payload.byteLength);
  const length = view.readUInt32LE(0);
  const worker = startThread(frame.model, view.toString('utf8', 4, 4 + length), frame.call);
  const bytes = new Uint8Array(view.subarray(4 + length)); // aligned: runtimes lay typed arrays over it
  worker.postMessage({ call: frame.call, op: Op.load, payload: bytes }, [bytes.buffer]);
  // The frame is as large as the model, and nothing else here would make the collector run for minutes.
  setImmediate(giveBackMemory);
}

async function unload(frame: Frame): Promise<void> {
  const thread = threads.get(frame.model);
  threads.delete(frame.model);
  await thread?.worker.terminate();
  send(frame.call, frame.model, Op.ok, EMPTY);
}

function onFrame(frame: Frame): void {
  if (frame.op === Op.load) {
    load(frame);
  } else if (frame.op === Op.unload) {
    void unload(frame);
  } else {
    const thread = threads.get(frame.model);
    if (thread === undefined) send(frame.call, frame.model, Op.absent, EMPTY);
    else thread.worker.postMessage({ call: frame.call, op: frame.op, payload: frame.payload }, [frame.payload.buffer]);
  }
}

/** Nothing here holds state. `process.exit` would wait for threads, and native code may never yield: a signal does not. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

/**
 * A thread's limits bound its JavaScript heap, not what it allocates outside of it. Before such a model takes the
 * machine's memory, its process ends; should the kernel have to choose, it chooses this process, not the gateway.
 */
function watchMemory(): void {
  const slack = 256 * 2 ** 20 + settings.maxMemoryBytes;
  setInterval(() => {
    let allowed = slack;
    for (const { bytes } of threads.values()) allowed += bytes;
    if (process.memoryUsage.rss() <= allowed) return;
    process.stderr.write(`more memory than ${Math.round(allowed / 2 ** 20)} MiB\n`, end);
  }, 100).unref();
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // no such file outside Linux
  }
}

const reader = new FrameReader(onFrame);
pipe.on('data', (chunk: Buffer) => reader.push(chunk));
pipe.on('close', end); // the gateway is gone, and with it the reason to live
pipe.on('error', end);
process.on('SIGINT', () => {}); // Ctrl-C reaches the whole terminal group; the gateway decides when we stop
process.on('SIGTERM', () => {});
watchMemory();
