import type { CertificationStore, StoredScores } from '../certification/ports.ts';

/** The CertificationStore port in memory. */
export class MemoryCertificationStore implements CertificationStore {
  readonly #kept = new Map<string, { scores: StoredScores; seen: Float64Array | null }>();

  async save(scores: StoredScores, seen: Float64Array | null): Promise<void> {
    const key = keyOf(scores.workspace, scores.taskId, scores.model, scores.version);
    this.#kept.set(key, { scores: structuredClone(scores), seen: seen ?? this.#kept.get(key)?.seen ?? null });
  }

  async find(workspace: string, taskId: string, model: string, version: string): Promise<StoredScores | null> {
    return structuredClone(this.#kept.get(keyOf(workspace, taskId, model, version))?.scores ?? null);
  }

  async seen(workspace: string, taskId: string, model: string, version: string): Promise<Float64Array | null> {
    return this.#kept.get(keyOf(workspace, taskId, model, version))?.seen ?? null;
  }
}

const keyOf = (...parts: string[]) => JSON.stringify(parts);
