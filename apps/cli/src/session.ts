import { UnderstudyClient, VERSION } from '@understudy/client';
import type { Command } from 'commander';
import { type Connection, resolveConnection } from './connection.ts';
import type { Environment } from './environment.ts';
import { EXIT, Interrupted, UsageError } from './exit-codes.ts';
import { Output, type TextStream } from './terminal/output.ts';
import { ProgressBar } from './terminal/progress-bar.ts';

export interface GlobalOptions {
  url?: string;
  key?: string;
  profile?: string;
  json?: boolean;
  quiet?: boolean;
  color?: boolean;
  timeout?: number;
}

export interface Terminal {
  stdin: NodeJS.ReadStream;
  stdout: TextStream;
  stderr: TextStream;
}

/** What one invocation of the CLI works with: streams, environment, and how it is interrupted. */
export class Session {
  readonly environment: Environment;
  readonly terminal: Terminal;
  readonly #interrupt = new AbortController();
  #onInterrupt: (() => void) | undefined;
  #listening = false;

  constructor(environment: Environment, terminal: Terminal) {
    this.environment = environment;
    this.terminal = terminal;
  }

  /**
   * Aborted by Ctrl-C, unless a command takes that over; a second Ctrl-C ends the process at once. A command that
   * never asks for it, such as `start`, has the signal for itself.
   */
  get signal(): AbortSignal {
    if (!this.#listening) {
      this.#listening = true;
      process.on('SIGINT', () => this.#interrupted());
    }
    return this.#interrupt.signal;
  }

  #interrupted(): void {
    if (this.#onInterrupt !== undefined) this.#onInterrupt();
    else if (this.#interrupt.signal.aborted) process.exit(EXIT.interrupted);
    else this.#interrupt.abort(new Interrupted('interrupted'));
  }

  /** Until the returned function is called, Ctrl-C calls `handler` instead of aborting `signal`. */
  takeInterrupts(handler: () => void): () => void {
    this.#onInterrupt = handler;
    return () => {
      this.#onInterrupt = undefined;
    };
  }

  globals(command: Command): GlobalOptions {
    return command.optsWithGlobals<GlobalOptions>();
  }

  output(command: Command): Output {
    const { json = false, color } = this.globals(command);
    const colour = (stream: TextStream) =>
      color !== false && !this.environment.noColor && (stream.isTTY === true || this.environment.forceColor);
    const { stdout, stderr } = this.terminal;
    return new Output({ stdout, stderr, json, colourOut: !json && colour(stdout), colourErr: colour(stderr) });
  }

  progress(command: Command): ProgressBar {
    return new ProgressBar(this.terminal.stderr, this.globals(command).quiet === true);
  }

  connection(command: Command): Connection {
    return resolveConnection(this.environment, this.globals(command));
  }

  /** A client for the server and key that the command, the environment or the profile name. */
  client(command: Command, connection: Connection = this.connection(command)): UnderstudyClient {
    const { timeout } = this.globals(command);
    try {
      return new UnderstudyClient({
        baseUrl: connection.url,
        ...(connection.key === undefined ? {} : { apiKey: connection.key }),
        ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000, totalTimeoutMs: timeout * 1000 }),
        userAgent: `understudy-cli/${VERSION}`,
      });
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  }

  /** Asks on the terminal; false where nobody can be asked. */
  async confirm(question: string): Promise<boolean> {
    if (this.terminal.stdin.isTTY !== true) return false;
    return /^y(es)?$/i.test((await this.ask(`${question} [y/N] `)).trim());
  }

  /** A line from the terminal, or all of stdin where it is none. `hidden`: what is typed is not shown. */
  async ask(question: string, options: { hidden?: boolean } = {}): Promise<string> {
    const { stdin, stderr } = this.terminal;
    const { createInterface } = await import('node:readline');
    const { Writable } = await import('node:stream');
    stderr.write(question);
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const reader = createInterface({
      input: stdin,
      output: options.hidden === true ? silent : (stderr as NodeJS.WritableStream),
      terminal: stdin.isTTY === true,
      historySize: 0,
    });
    try {
      return await new Promise<string>((resolve, reject) => {
        reader.once('line', resolve);
        reader.once('close', () => resolve(''));
        reader.once('SIGINT', () => reject(new Interrupted('interrupted')));
      });
    } finally {
      reader.close();
      if (options.hidden === true) stderr.write('\n');
    }
  }
}
