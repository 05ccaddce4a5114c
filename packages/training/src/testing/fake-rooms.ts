import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { trainingErrors } from '../errors.ts';
import type {
  ArtifactStore,
  DatasetRow,
  Datasets,
  ModelRegistry,
  RegisteredVersion,
  Scorer,
  TaskSource,
  TrainableTask,
} from '../ports.ts';

/** The other rooms as training sees them, in memory: one task, one dataset, files kept by key. */
export class FakeRooms implements TaskSource, Datasets, ArtifactStore, ModelRegistry, Scorer {
  readonly files = new Map<string, Buffer>();
  readonly registered: (RegisteredVersion & { metrics: Record<string, unknown> })[] = [];
  readonly promotions: { version: string; reason: string; evidence: Record<string, unknown> }[] = [];
  champions: RegisteredVersion[] = [];
  data: DatasetRow[];
  /** Called before a model is opened to score: throw here to make it fail. */
  onOpen: (key: string) => void = () => {};
  /** The probability that a model gives to its first label, by the text that it scores. */
  probability: (key: string, text: string) => number = () => 0.5;
  readonly opened: string[] = [];

  constructor(data: DatasetRow[]) {
    this.data = data;
  }

  async task(_workspace: string, slug: string): Promise<TrainableTask> {
    if (slug !== 't') throw trainingErrors.training_run_not_found('no such task'); // any coded error does
    return { id: 'task_1', slug, revision: 1, kind: 'text_classification', labels: ['a', 'b'] };
  }

  async snapshot(): Promise<{ id: string; rows: number }> {
    return { id: 'sha256:snapshot', rows: this.data.length };
  }

  async find(_workspace: string, _task: string, id: string): Promise<{ id: string; rows: number }> {
    return { id, rows: this.data.length };
  }

  async *rows(): AsyncGenerator<DatasetRow> {
    yield* this.data;
  }

  async put(key: string, path: string): Promise<{ sha256: string; bytes: number }> {
    const bytes = await readFile(path);
    this.files.set(key, bytes);
    return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  }

  async register(_run: unknown, made: Parameters<ModelRegistry['register']>[1]): Promise<RegisteredVersion> {
    const { format, ...artifact } = made.artifact;
    const version = String(this.registered.length + 1);
    const registered = { model: made.task.slug, version, format, artifact, metrics: made.metrics };
    this.registered.push(registered);
    return registered;
  }

  async champion(): Promise<RegisteredVersion | null> {
    return this.champions.at(-1) ?? null;
  }

  async promote(_run: unknown, version: RegisteredVersion, reason: string, evidence: Record<string, unknown>) {
    this.champions.push(version);
    this.promotions.push({ version: version.version, reason, evidence });
  }

  async open(_workspace: string, { key }: { key: string }) {
    this.onOpen(key);
    this.opened.push(key);
    return {
      score: async (text: string) => {
        const first = this.probability(key, text);
        return { labels: ['a', 'b'], probabilities: Float32Array.of(first, 1 - first) };
      },
      close: async () => {
        this.opened.splice(this.opened.indexOf(key), 1);
      },
    };
  }
}

/** What every imported row has. */
export const imported = { source: 'import', probability: null, occurredAt: null, decision: null } as const;

/** Rows `a 0`, `b 1`, …: alternating labels, each a group of its own. */
export function exampleRows(count: number): DatasetRow[] {
  return Array.from({ length: count }, (_, index) => {
    const label = index % 2 === 0 ? 'a' : 'b';
    return { text: `${label} ${index}`, label, group: `g${index}`, ...imported };
  });
}
