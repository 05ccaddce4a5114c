import { type Clock, idTime, isId, newId } from '@understudy/kernel';
import { DatasetDigest, type DatasetRow, type DatasetVersion, isDatasetId } from './dataset.ts';
import {
  type DifferencePlace,
  type DifferenceQuery,
  type DifferenceSummary,
  placeOf,
  type RowDifference,
} from './dataset-difference.ts';
import { lakeErrors } from './errors.ts';
import { Gate } from './gate.ts';
import type {
  DatasetFiles,
  DatasetStore,
  DatasetWriter,
  ExampleStore,
  ObjectStore,
  StoredDataset,
  TaskRules,
} from './ports.ts';

const PREFIX = 'datasets/';
const DAY = 86_400_000;
const PAGE_CHARACTERS = 8 << 20;

/** Immutable, content-addressed versions of a task's examples. */
export class Datasets {
  readonly #rules: TaskRules;
  readonly #examples: ExampleStore;
  readonly #store: DatasetStore;
  readonly #objects: ObjectStore;
  readonly #files: DatasetFiles;
  readonly #clock: Clock;
  /** One snapshot at a time: each may use the memory that is set aside for it. */
  readonly #snapshots = new Gate(1);
  readonly #readers = new Gate(2);

  constructor(ports: {
    rules: TaskRules;
    examples: ExampleStore;
    store: DatasetStore;
    objects: ObjectStore;
    files: DatasetFiles;
    clock: Clock;
  }) {
    this.#rules = ports.rules;
    this.#examples = ports.examples;
    this.#store = ports.store;
    this.#objects = ports.objects;
    this.#files = ports.files;
    this.#clock = ports.clock;
  }

  /**
   * The version that holds the task's examples as they are now; made unless it exists.
   * Throws `task_not_found`, `dataset_empty`, `storage_full`, `dataset_failed`.
   */
  async snapshot(
    workspace: string,
    slug: string,
    signal?: AbortSignal,
  ): Promise<{ dataset: StoredDataset; created: boolean }> {
    const { taskId } = await this.#rules.taskFor(workspace, slug);
    return this.#snapshots.run(async () => {
      signal?.throwIfAborted();
      const digest = new DatasetDigest();
      await this.#examples.eachDigest(workspace, taskId, async (digests) => {
        for (const each of digests) digest.add(each);
      });
      if (digest.rows === 0) throw lakeErrors.dataset_empty(`the task ${slug} has no examples`);
      const present = await this.#store.find(workspace, taskId, digest.id());
      return present === null ? this.#write(workspace, taskId, slug, signal) : { dataset: present, created: false };
    });
  }

  async #write(
    workspace: string,
    taskId: string,
    slug: string,
    signal: AbortSignal | undefined,
  ): Promise<{ dataset: StoredDataset; created: boolean }> {
    const file = await this.#files.scratch();
    let writer: DatasetWriter | undefined;
    try {
      writer = file.writer(signal);
      const target = writer;
      // The rows are read at another moment than the digests were: the id is computed from what is really written.
      const digest = new DatasetDigest();
      // Counted before the rows are read: a label that comes in between counts as new once more, never as seen.
      const { labels: labelsGiven } = await this.#examples.labelsGiven(workspace, taskId);
      await this.#examples.eachRow(workspace, taskId, async (rows) => {
        for (const row of rows) digest.add(Buffer.from(row.content_hash, 'hex'));
        await target.add(rows);
      });
      if (digest.rows === 0) throw lakeErrors.dataset_empty(`the task ${slug} has no examples`);
      const id = digest.id();
      const written = await writer.finish(id);
      const createdAt = this.#clock.now();
      const key = `${PREFIX}${workspace.toLowerCase()}/${newId('obj', createdAt)}.parquet`;
      const object = await this.#objects.put(key, file.bytes());
      const dataset: StoredDataset = { id, workspace, taskId, object, createdAt, labelsGiven, ...written };
      if (await this.#store.insert(dataset)) return { dataset, created: true };
      // Another process made the same version meanwhile.
      await this.#objects.delete(key);
      return { dataset: await this.#find(workspace, taskId, id), created: false };
    } finally {
      await writer?.abort();
      await file.close();
    }
  }

  /** Throws `task_not_found`, `dataset_not_found`. */
  async get(workspace: string, slug: string, id: string): Promise<StoredDataset> {
    const { taskId } = await this.#rules.taskFor(workspace, slug);
    return this.#find(workspace, taskId, id);
  }

  async list(workspace: string, slug: string, page: { limit: number; before?: string }): Promise<DatasetVersion[]> {
    const { taskId } = await this.#rules.taskFor(workspace, slug);
    return this.#store.list(workspace, taskId, page);
  }

  /** The Parquet file as it was written, its digest checked. */
  readParquet(dataset: StoredDataset): AsyncIterable<Uint8Array> {
    return this.#objects.get(dataset.object.key, dataset.object);
  }

  /**
   * The rows in order, in constant memory, a batch at a time. The digest of the whole file is checked before the
   * first row. Throws `object_corrupt`, `object_not_found`, `storage_full`, `dataset_failed`.
   */
  async *readRows(dataset: StoredDataset): AsyncGenerator<DatasetRow[]> {
    const file = await this.#files.scratch();
    try {
      await this.#readers.run(() => file.save(this.readParquet(dataset)));
      yield* file.rows();
    } finally {
      await file.close();
    }
  }

  /**
   * How `dataset` differs from `base`: the summary, then the rows, in memory that does not grow with them. Both files'
   * digests are checked first. Throws as {@link readRows}.
   */
  async *differences(
    base: StoredDataset,
    dataset: StoredDataset,
    query: DifferenceQuery,
  ): AsyncGenerator<DifferenceSummary | RowDifference[]> {
    const file = await this.#files.scratch();
    try {
      await this.#readers.run(async () => {
        await file.saveBase(this.readParquet(base));
        await file.save(this.readParquet(dataset));
      });
      yield* file.differences(query);
    } finally {
      await file.close();
    }
  }

  /** One page of the differences: at most `limit` rows, fewer when they are large. */
  async difference(
    base: StoredDataset,
    dataset: StoredDataset,
    query: DifferenceQuery & { limit: number },
  ): Promise<{ summary: DifferenceSummary; rows: RowDifference[]; next: DifferencePlace | null }> {
    let summary: DifferenceSummary | undefined;
    const rows: RowDifference[] = [];
    let characters = 0;
    let full = false;
    for await (const part of this.differences(base, dataset, { ...query, limit: query.limit + 1 })) {
      if (!Array.isArray(part)) summary = part;
      else {
        for (const row of part) {
          full ||= rows.length === query.limit || characters > PAGE_CHARACTERS;
          if (full) break;
          rows.push(row);
          characters += row.text.length;
        }
      }
      if (full) break;
    }
    return { summary: summary!, rows, next: full ? placeOf(rows.at(-1)!) : null };
  }

  /** Deletes dataset files that no version names, left by a crash more than a day ago. Returns how many. */
  async sweepOrphans(): Promise<number> {
    let swept = 0;
    let batch: string[] = [];
    const flush = async () => {
      const referenced = await this.#store.referenced(batch);
      for (const key of batch) if (!referenced.has(key) && (await this.#objects.delete(key))) swept++;
      batch = [];
    };
    for await (const { key } of this.#objects.list(PREFIX)) {
      const id = key.slice(key.lastIndexOf('/') + 1, -'.parquet'.length);
      if (!isId('obj', id) || this.#clock.now() - idTime(id) < DAY) continue;
      batch.push(key);
      if (batch.length === 500) await flush();
    }
    await flush();
    return swept;
  }

  async #find(workspace: string, taskId: string, id: string): Promise<StoredDataset> {
    const dataset = isDatasetId(id) ? await this.#store.find(workspace, taskId, id) : null;
    if (dataset === null) throw lakeErrors.dataset_not_found('the task has no dataset version with this id');
    return dataset;
  }
}
