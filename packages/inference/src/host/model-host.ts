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
  resolve(payload: Uint8Array<ArrayBuffer>): void;
  reject(error: Error): void;
}

/** What a host lost: one model its thread, or all of them (`model: null`) their process. */
export interface Loss {
  model: number | null;
  reason: string;
  /** Models that had calls under way: the suspects. */
  busy: ReadonlySet<number>;
}

/** The call's thread or process ended, perhaps under another model. The call had no effect and may be made again. */
export class HostGone extends Error {}

/** The model itself refused or failed: it lives, and may well answer the next input. */
export class ModelFailed extends UnderstudyError {}

/** A host that has not ended a thread by then hangs in native code. */
const UNLOAD_MS = 1000;

/** The gateway's end of one model host process. Starts it on first use, and again after it died. */
export class ModelHost {
  readonly #options: HostOptions;
  readonly #calls = new Map<number, Call>();
  onLost: (loss: Loss) => void = () => {};
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

  #start(): Duplex {
    if (this.#pipe !== null) return this.#pipe;
    const { runtimes, maxMemoryBytes } = this.#options;
    const entry = fileURLToPath(new URL('./host-process.ts', import.meta.url));
    const child = spawn(
      process.execPath,
      ['--no-warnings', '--expose-gc', entry, JSON.stringify({ runtimes, maxMemoryBytes })],
      {
        stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
        env: {},
      },
    );
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2000);
    });
    child.on('error', (error) => this.#ended(child, error.message, complaint));
    child.on('exit', (code, signal) => this.#ended(child, signal ?? `exit code ${code}`, complaint));
    const pipe = child.stdio?.[3] as Duplex | undefined;
    // No more processes or descriptors to be had: nothing was started.
    if (pipe === undefined) throw inferenceErrors.model_unavailable('no process can be started for the model');
    const reader = new FrameReader((frame) => {
      if (this.#child === child) this.#onFrame(frame);
    });
    pipe.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        this.#options.logger.error({ err: error, host: child.pid }, 'a model host sent nonsense');
        child.kill('SIGKILL');
      }
    });
    pipe.on('error', () => {}); // `exit` tells the story
    this.#child = child;
    this.#pipe = pipe;
    return pipe;
  }

  #ended(child: ChildProcess, reason: string, complaint: string): void {
    if (this.#child !== child) return;
    this.#child = null;
    this.#pipe = null;
    if (!this.#closing) this.#options.logger.error({ host: child.pid, reason, complaint }, 'a model host died');
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    this.onLost({ model: null, reason, busy: new Set(calls.map((call) => call.model)) });
    for (const call of calls) call.reject(new HostGone(reason));
  }

  /** One request to one model. Rejects with HostGone or a coded error of the model. No time limit of its own. */
  call(model: number, op: Op, payload: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#closing) return Promise.reject(inferenceErrors.model_unavailable('the server is stopping'));
    return new Promise((resolve, reject) => {
      const pipe = this.#start();
      const id = this.#nextCall;
      this.#nextCall = (this.#nextCall % 0xffff_fffe) + 1;
      this.#calls.set(id, { model, resolve, reject });
      for (const chunk of encodeFrame(id, model, op, payload)) pipe.write(chunk);
    });
  }

  #onFrame(frame: Frame): void {
    if (frame.op === Op.gone) {
      const reason = Buffer.from(frame.payload).toString();
      const busy = new Set<number>();
      const cause = new Error(reason);
      this.#rejectAll(frame.model, () => {
        busy.add(frame.model);
        return inferenceErrors.model_unavailable('the model’s thread ended', { cause });
      });
      this.onLost({ model: frame.model, reason, busy });
      return;
    }
    const call = this.#calls.get(frame.call);
    if (call === undefined) return; // given up on before
    this.#calls.delete(frame.call);
    if (frame.op === Op.ok) call.resolve(frame.payload);
    else if (frame.op === Op.absent) call.reject(new HostGone('the model is not loaded here'));
    else call.reject(modelFailed(frame.payload));
  }

  #rejectAll(model: number, error: () => Error): void {
    for (const [id, call] of this.#calls) {
      if (call.model !== model) continue;
      this.#calls.delete(id);
      call.reject(error());
    }
  }

  /** Ends a model's thread, whatever it is doing, or else the process; its calls under way reject with HostGone. */
  async unload(model: number): Promise<void> {
    this.#rejectAll(model, () => new HostGone('the model was unloaded'));
    if (this.#pipe === null || this.#closing) return;
    const child = this.#child;
    const stuck = setTimeout(() => child?.kill('SIGKILL'), UNLOAD_MS);
    await this.call(model, Op.unload, new Uint8Array(0)).catch(() => {}); // it went with its process
    clearTimeout(stuck);
  }

  /** Ends the process; it holds no state. Calls under way reject, as do later ones. */
  async close(): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
      child.kill('SIGKILL');
    });
  }
}

function modelFailed(payload: Uint8Array): ModelFailed {
  const { code, detail, cause } = JSON.parse(Buffer.from(payload).toString()) as Record<string, string>;
  const { catalogue } = inferenceErrors;
  const known = Object.hasOwn(catalogue, code!) ? (code as keyof typeof catalogue) : 'model_unavailable';
  return new ModelFailed(known, catalogue[known], detail!, cause === '' ? {} : { cause: new Error(cause) });
}
