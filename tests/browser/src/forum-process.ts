import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePorts } from '@understudy/components';
import { scratchFolder } from '@understudy/e2e';

const START = resolve(import.meta.dirname, '../../../examples/forum-php/start');

/** The forum of `examples/forum-php`, started by its own script on a folder of its own; all of it ends with `stop`. */
export class ForumProcess {
  readonly url: string;
  readonly folder: string;
  readonly #child: ChildProcess;
  #said = '';

  private constructor(url: string, folder: string, child: ChildProcess) {
    this.url = url;
    this.folder = folder;
    this.#child = child;
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        this.#said += chunk.toString();
      });
    }
  }

  /** Ready once its history has been learnt from: a minute at the first start on a folder. */
  static async start(options: readonly string[], more: ForumOptions = {}): Promise<ForumProcess> {
    const folder = more.folder ?? join(scratchFolder(), 'forum');
    const port = more.port ?? (await freePorts(1))[0]!;
    const { UNDERSTUDY_URL: _url, UNDERSTUDY_API_KEY: _key, ...env } = process.env;
    const child = spawn(START, [...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, FORUM_PORT: String(port), FORUM_DATA_DIR: folder, ...more.settings },
    });
    const forum = new ForumProcess(`http://127.0.0.1:${port}`, folder, child);
    await forum.#ready().catch(async (error: unknown) => {
      await forum.stop();
      throw error;
    });
    return forum;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Everything that the script and its processes have said. */
  get log(): string {
    const logs = ['understudy', 'web', 'worker', 'rabbitmq'].map((name) => {
      try {
        return `== ${name}\n${readFileSync(join(this.folder, `${name}.log`), 'utf8').slice(-3000)}`;
      } catch {
        return ''; // not started
      }
    });
    return [this.#said, ...logs].join('\n');
  }

  /** The Understudy that the script started. */
  get understudy(): { url: string; key: string } {
    return {
      url: /^Understudy: (http:\S+)/m.exec(this.#said)![1]!,
      key: readFileSync(join(this.folder, 'api-key'), 'utf8'),
    };
  }

  /** As Ctrl-C does. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await closed;
  }

  #ready(): Promise<void> {
    return new Promise((done, fail) => {
      const look = () => {
        if (/^Ready\.$/m.test(this.#said)) done();
      };
      this.#child.stdout!.on('data', look);
      this.#child.once('error', fail);
      this.#child.once('close', () => fail(new Error(`the forum ended while starting:\n${this.log}`)));
    });
  }
}

export interface ForumOptions {
  folder?: string;
  port?: number;
  settings?: Readonly<Record<string, string>>;
}
