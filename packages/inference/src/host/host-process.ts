import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { encodeFrame, type Frame, FrameReader, Op } from './frames.ts';

/**
 * The entry of a model host: a child process that gives each model a thread and passes frames between the gateway
 * and the threads. It never touches a model itself, so that a model that loops cannot hold up the others; a native
 * crash of one takes this process, and only this process, down.
 */
interface Settings {
  runtimes: string[];
  maxMemoryBytes: number;
}

const settings = JSON.parse(process.argv[2] ?? '{}') as Settings;
const threads = new Map<number, Worker>();
const pipe = new Socket({ fd: 3, readable: true, writable: true });

function send(call: number, model: number, op: Op, payload: Uint8Array): void {
  const [head, body] = encodeFrame(call, model, op, payload);
  pipe.cork();
  pipe.write(head);
  pipe.write(body);
  process.nextTick(() => pipe.uncork());
}

function startThread(model: number, format: string): Worker {
  const worker = new Worker(new URL('./model-thread.ts', import.meta.url), {
    workerData: { runtimes: settings.runtimes, format, maxMemoryBytes: settings.maxMemoryBytes },
    resourceLimits: { maxOldGenerationSizeMb: Math.max(64, Math.ceil(settings.maxMemoryBytes / 2 ** 20)) },
  });
  worker.on('message', (message: { call: number; op: Op; payload: Uint8Array }) => {
    send(message.call, model, message.op, message.payload);
  });
  let said = false;
  const gone = (reason: string) => {
    if (said || threads.get(model) !== worker) return;
    said = true;
    threads.delete(model);
    send(0, model, Op.gone, Buffer.from(reason.slice(0, 500)));
  };
  worker.on('error', (error: Error) => gone(error.message));
  worker.on('exit', (code) => gone(`its thread ended with code ${code}`));
  threads.set(model, worker);
  return worker;
}

/** `payload` of load: `u32 length of format · format · artifact`. */
function load(frame: Frame): void {
  const view = Buffer.from(frame.payload.buffer, frame.payload.byteOffset, frame.payload.byteLength);
  const length = view.readUInt32LE(0);
  const worker = startThread(frame.model, view.toString('utf8', 4, 4 + length));
  const bytes = new Uint8Array(view.subarray(4 + length)); // aligned: runtimes lay typed arrays over it
  worker.postMessage({ call: frame.call, op: Op.load, payload: bytes }, [bytes.buffer]);
}

function onFrame(frame: Frame): void {
  if (frame.op === Op.load) {
    load(frame);
    return;
  }
  const worker = threads.get(frame.model);
  if (frame.op === Op.unload) {
    threads.delete(frame.model);
    void worker?.terminate().then(() => send(frame.call, frame.model, Op.ok, new Uint8Array(0)));
    return;
  }
  if (worker === undefined) {
    send(frame.call, frame.model, Op.gone, Buffer.from('it is not loaded'));
    return;
  }
  worker.postMessage({ call: frame.call, op: frame.op, payload: frame.payload }, [frame.payload.buffer as ArrayBuffer]);
}

const reader = new FrameReader(onFrame);
pipe.on('data', (chunk: Buffer) => reader.push(chunk));
// The gateway is gone: so is the reason to live. Nothing here holds state.
pipe.on('close', () => process.exit(0));
pipe.on('error', () => process.exit(0));
process.on('SIGINT', () => {}); // Ctrl-C reaches the whole terminal group; the gateway decides when we stop
process.on('SIGTERM', () => {});
send(0, 0, Op.ready, new Uint8Array(0));
