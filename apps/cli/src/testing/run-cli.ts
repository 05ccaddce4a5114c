import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/understudy.js', import.meta.url));

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  url?: string;
  key?: string;
  env?: Record<string, string>;
  stdin?: string;
  /** Called with all of stderr whenever some more came; `kill` sends SIGINT. */
  onStderr?(text: string, kill: () => void): void;
}

/** A folder that stands for the user's home and holds the files of one test. */
export class Home implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'understudy-cli-'));

  /** Writes a file and returns its path. */
  file(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  /** Runs the CLI as a process of its own, with nothing of this process's environment but the PATH. */
  run(words: string[], options: RunOptions = {}): Promise<CliResult> {
    const child = spawn(process.execPath, [BIN, ...words], {
      cwd: this.path,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: this.path,
        ...(options.url === undefined
          ? {}
          : { UNDERSTUDY_URL: options.url, UNDERSTUDY_API_KEY: options.key ?? 'us_test' }),
        ...options.env,
      },
      stdio: 'pipe',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onStderr?.(stderr, () => child.kill('SIGINT'));
    });
    child.stdin.on('error', () => {}); // a command that does not read its stdin
    child.stdin.end(options.stdin ?? '');
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
