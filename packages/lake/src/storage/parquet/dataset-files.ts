import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isUnderstudyError, type Logger } from '@understudy/kernel';
import type { DatasetRow } from '../../dataset.ts';
import type { DifferenceQuery, DifferenceSummary, RowDifference } from '../../dataset-difference.ts';
import { lakeErrors } from '../../errors.ts';
import { parseNdjson } from '../../formats/ndjson.ts';
import type { DatasetFiles, DatasetWriter, ScratchFile, SnapshotRow, WrittenDataset } from '../../ports.ts';
import type { ParquetJob } from './protocol.ts';

const ENTRY = fileURLToPath(new URL('./process.ts', import.meta.url));

export interface ParquetOptions {
  /** A folder for files that live as long as one operation; made when absent. Nobody else may write into it. */
  directory: string;
  logger: Logger;
  /** What DuckDB may use before it spills to disk. Default 512. */
  memoryMegabytes?: number;
}

/** Parquet files, written and read by a short-lived process each. */
export class ParquetDatasetFiles implements DatasetFiles {
  readonly #options: Required<ParquetOptions>;

  private constructor(options: ParquetOptions) {
    this.#options = { memoryMegabytes: 512, ...options };
  }

  /** Makes the folder and sweeps away what processes that are gone have left in it. */
  static async open(options: ParquetOptions): Promise<ParquetDatasetFiles> {
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    for (const name of await readdir(options.directory)) {
      const match = /^(\d{1,10})-[0-9a-f]{16}$/.exec(name);
      if (match === null) continue;
      const pid = Number(match[1]);
      if (pid === process.pid || !isAlive(pid))
        await rm(join(options.directory, name), { recursive: true, force: true });
    }
    return new ParquetDatasetFiles(options);
  }

  async scratch(): Promise<ScratchFile> {
    const directory = join(this.#options.directory, `${process.pid}-${randomBytes(8).toString('hex')}`);
    await mkdir(directory, { mode: 0o700 });
    return new ScratchParquet(directory, this.#options);
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

const outOfSpace = (text: string) => /ENOSPC|No space left|Disk quota/i.test(text);

class ScratchParquet implements ScratchFile {
  readonly #directory: string;
  readonly #path: string;
  readonly #basePath: string;
  readonly #options: Required<ParquetOptions>;

  constructor(directory: string, options: Required<ParquetOptions>) {
    this.#directory = directory;
    this.#path = join(directory, 'dataset.parquet');
    this.#basePath = join(directory, 'base.parquet');
    this.#options = options;
  }

  writer(signal?: AbortSignal): DatasetWriter {
    const { memoryMegabytes } = this.#options;
    const job = {
      kind: 'write',
      directory: this.#directory,
      path: this.#path,
      memoryMegabytes,
    } as const;
    return new ProcessWriter(new ParquetProcess(job, this.#options.logger, signal));
  }

  save(content: AsyncIterable<Uint8Array>): Promise<void> {
    return this.#save(this.#path, content);
  }

  saveBase(content: AsyncIterable<Uint8Array>): Promise<void> {
    return this.#save(this.#basePath, content);
  }

  async #save(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const handle = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of content) await handle.writeFile(chunk);
    } catch (error) {
      if (isUnderstudyError(error) || !outOfSpace(String((error as NodeJS.ErrnoException).code))) throw error;
      throw lakeErrors.storage_full('there is no room left in the data directory', { cause: error });
    } finally {
      await handle.close();
    }
  }

  bytes(): AsyncIterable<Uint8Array> {
    return createReadStream(this.#path, { highWaterMark: 1 << 18 });
  }

  async *rows(): AsyncGenerator<DatasetRow[]> {
    const { memoryMegabytes } = this.#options;
    const job = { kind: 'read', directory: this.#directory, path: this.#path, memoryMegabytes } as const;
    yield* this.#lines<DatasetRow>(job);
  }

  async *differences(query: DifferenceQuery): AsyncGenerator<DifferenceSummary | RowDifference[]> {
    const { memoryMegabytes } = this.#options;
    const paths = { directory: this.#directory, path: this.#path, basePath: this.#basePath };
    let first = true;
    for await (const rows of this.#lines<unknown>({ kind: 'compare', ...paths, memoryMegabytes, query })) {
      if (first) yield (rows.shift() as { summary: DifferenceSummary }).summary;
      first = false;
      if (rows.length > 0) yield rows as RowDifference[];
    }
  }

  /** What a process says line by line; it is whole only when its last line came. */
  async *#lines<T>(job: ParquetJob): AsyncGenerator<T[]> {
    const running = new ParquetProcess(job, this.#options.logger);
    try {
      let complete = false;
      for await (const batch of parseNdjson(running.output, { maxRowBytes: Number.POSITIVE_INFINITY })) {
        const rows: T[] = [];
        for (const { example } of batch as { example: T | { end: true } }[]) {
          if (typeof example === 'object' && example !== null && 'end' in example) complete = true;
          else rows.push(example as T);
        }
        if (rows.length > 0) yield rows;
      }
      if (!complete) throw await running.failure();
    } finally {
      await running.stop();
    }
  }

  async close(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}

class ProcessWriter implements DatasetWriter {
  readonly #running: ParquetProcess;

  constructor(running: ParquetProcess) {
    this.#running = running;
  }

  async add(rows: readonly SnapshotRow[]): Promise<void> {
    let lines = '';
    for (const row of rows) lines += `${JSON.stringify(row)}\n`;
    await this.#running.write(lines);
  }

  async finish(id: string): Promise<WrittenDataset> {
    await this.#running.write(`${JSON.stringify({ end: { id } })}\n`);
    this.#running.endInput();
    for await (const batch of parseNdjson(this.#running.output, { maxRowBytes: 1 << 24 })) {
      const [row] = batch as { example: { written: WrittenDataset; peakBytes: number } }[];
      if (row === undefined) continue;
      await this.#running.ended();
      return row.example.written;
    }
    throw await this.#running.failure();
  }

  abort(): Promise<void> {
    return this.#running.stop();
  }
}

/** One run of the Parquet process. */
class ParquetProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  readonly #logger: Logger;
  readonly #kind: string;
  #errors = '';

  constructor(job: ParquetJob, logger: Logger, signal?: AbortSignal) {
    this.#logger = logger;
    this.#kind = job.kind;
    const parameters = [
      '--disable-warning=ExperimentalWarning',
      '--max-old-space-size=512',
      ENTRY,
      JSON.stringify(job),
    ];
    // An empty environment: the process needs none of the server's secrets.
    this.#child = spawn(process.execPath, parameters, { env: {}, stdio: ['pipe', 'pipe', 'pipe'], signal });
    this.#exit = once(this.#child, 'close').catch(() => {});
    this.#child.on('error', () => {});
    this.#child.stdin!.on('error', () => {});
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
  }

  get output(): AsyncIterable<Buffer> {
    return this.#child.stdout! as AsyncIterable<Buffer>;
  }

  async write(text: string): Promise<void> {
    const input = this.#child.stdin!;
    if (input.destroyed) throw await this.failure();
    if (input.write(text)) return;
    await Promise.race([once(input, 'drain'), this.#exit]);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw await this.failure();
  }

  endInput(): void {
    this.#child.stdin!.end();
  }

  async ended(): Promise<void> {
    await this.#exit;
  }

  /** What to tell of a process that ended before its work was done. */
  async failure(): Promise<Error> {
    await this.#exit;
    this.#logger.error(
      { job: this.#kind, exitCode: this.#child.exitCode, signal: this.#child.signalCode, output: this.#errors },
      'the Parquet process failed',
    );
    return outOfSpace(this.#errors)
      ? lakeErrors.storage_full('there is no room left in the data directory')
      : lakeErrors.dataset_failed(`the process that was to ${this.#kind} the dataset stopped`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#exit;
  }
}
