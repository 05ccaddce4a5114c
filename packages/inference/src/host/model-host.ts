import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Logger, UnderstudyError } from '@understudy/kernel';
import { inferenceErrors } from '../errors.ts';
import { encodeFrame, type Frame, FrameReader, Op } from './frames.ts';

export interface HostOptions {
  /** Module URLs; each exports `runtime: ModelRuntime`. */
  runtimes: readonly string[];
  maxMemoryBytes: number;
  logger: Logger;
}

interface Call {
  model: number;
  resolve(payload: Uint8Array): void;
  reject(error: Error): void;
}

/** The host process died under a call. The call had no effect and may be made again elsewhere. */
export class HostGone extends Error {}

/** The gateway's end of one model host process. Starts it on first use, and again after it died. */
export class ModelHost {
  readonly #options: HostOptions;
  readonly #calls = new Map<number, Call>();
  /** Told when a model lost its thread, or all of them (`null`) with the process. */
  onLost: (model: number | null, reason: string) => void = () => {};
  #child: ChildProcess | null = null;
  #pipe: Duplex | null = null;
  #nextCall = 1;
  #closing = false;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Models with calls under way: the suspects when the process dies. */
  busyModels(): Set<number> {
    return new Set([...this.#calls.values()].map((call) => call.model));
  }

  #start(): Duplex {
    if (this.#pipe !== null) return this.#pipe;
    const { runtimes, maxMemoryBytes, logger } = this.#options;
    const entry = fileURLToPath(new URL('./host-process.ts', import.meta.url));
    const child = spawn(process.execPath, ['--no-warnings', entry, JSON.stringify({ runtimes, maxMemoryBytes })], {
      stdio: ['ignore', 'ignore', 'pipe', 'overlapped'],
      env: {},
    });
    const pipe = child.stdio[3] as unknown as Duplex;
    const reader = new FrameReader((frame) => this.#onFrame(frame));
    pipe.on('data', (chunk: Buffer) => reader.push(chunk));
    pipe.on('error', () => {}); // `exit` tells the story
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2000);
    });
    const onExit = (reason: string) => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#pipe = null;
      if (!this.#closing) logger.error({ host: child.pid, reason, complaint }, 'a model host died');
      const busy = this.busyModels();
      const calls = [...this.#calls.values()];
      this.#calls.clear();
      this.onLost(null, reason);
      for (const call of calls) call.reject(new HostGone(reason, { cause: busy }));
    };
    child.on('error', (error) => onExit(error.message));
    child.on('exit', (code, signal) => onExit(signal ?? `exit code ${code}`));
    this.#child = child;
    this.#pipe = pipe;
    return pipe;
  }

  /** One request to one model. Rejects with HostGone or a coded error of the model. No time limit of its own. */
  call(model: number, op: Op, payload: Uint8Array): Promise<Uint8Array> {
    if (this.#closing) return Promise.reject(inferenceErrors.model_unavailable('the server is stopping'));
    return new Promise((resolve, reject) => {
      const pipe = this.#start();
      const id = this.#nextCall;
      this.#nextCall = (this.#nextCall % 0xffff_fffe) + 1;
      this.#calls.set(id, { model, resolve, reject });
      const [head, body] = encodeFrame(id, model, op, payload);
      pipe.cork();
      pipe.write(head);
      pipe.write(body);
      pipe.uncork();
    });
  }

  #onFrame(frame: Frame): void {
    if (frame.op === Op.ready) return;
    if (frame.op === Op.gone) {
      const reason = Buffer.from(frame.payload).toString();
      for (const [id, call] of this.#calls) {
        if (call.model !== frame.model) continue;
        this.#calls.delete(id);
        call.reject(inferenceErrors.model_unavailable(`the model stopped: ${reason}`));
      }
      this.onLost(frame.model, reason);
      return;
    }
    const call = this.#calls.get(frame.call);
    if (call === undefined) return; // given up on before
    this.#calls.delete(frame.call);
    if (frame.op === Op.ok) {
      call.resolve(frame.payload);
      return;
    }
    const { code, detail } = JSON.parse(Buffer.from(frame.payload).toString()) as { code: string; detail: string };
    const definition = inferenceErrors.catalogue[code as keyof typeof inferenceErrors.catalogue];
    call.reject(
      definition === undefined
        ? inferenceErrors.model_unavailable(detail)
        : new UnderstudyError(code, definition, detail),
    );
  }

  /** Ends a model's thread, whatever it is doing; its calls under way reject. */
  async unload(model: number): Promise<void> {
    if (this.#pipe === null) return;
    for (const [id, call] of this.#calls) {
      if (call.model !== model) continue;
      this.#calls.delete(id);
      call.reject(inferenceErrors.model_unavailable('the model was unloaded'));
    }
    await this.call(model, Op.unload, new Uint8Array(0)).catch(() => {});
  }

  /** Kills the process at once; `onLost(null)` follows. For a host that does not react. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  async close(): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    if (child === null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL'); // it holds no state
    await gone;
  }
}
