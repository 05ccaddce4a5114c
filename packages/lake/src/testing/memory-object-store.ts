import { createHash } from 'node:crypto';
import { checkedStream } from '../checked-stream.ts';
import { lakeErrors } from '../errors.ts';
import { checkObjectKey } from '../object-key.ts';
import type { ObjectInfo, ObjectStore } from '../ports.ts';

/** The ObjectStore port in memory; runs the same contract suite as the drivers. */
export class MemoryObjectStore implements ObjectStore {
  readonly #objects = new Map<string, Buffer>();

  async put(key: string, content: AsyncIterable<Uint8Array>): Promise<ObjectInfo> {
    checkObjectKey(key);
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
    const bytes = Buffer.concat(chunks);
    const present = this.#objects.get(key);
    if (present !== undefined && !present.equals(bytes)) {
      throw lakeErrors.object_exists(`the key ${key} holds other bytes`);
    }
    this.#objects.set(key, bytes);
    return { key, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  }

  async *get(key: string, expected: { sha256: string }): AsyncGenerator<Uint8Array> {
    checkObjectKey(key);
    const bytes = this.#objects.get(key);
    if (bytes === undefined) throw lakeErrors.object_not_found(`no object ${key}`, { details: { key } });
    const chunks = async function* () {
      for (let at = 0; at < bytes.length; at += 65536) yield bytes.subarray(at, at + 65536);
    };
    yield* checkedStream(chunks(), key, expected.sha256);
  }

  async head(key: string): Promise<{ key: string; bytes: number } | null> {
    const bytes = this.#objects.get(checkObjectKey(key));
    return bytes === undefined ? null : { key, bytes: bytes.length };
  }

  async *list(prefix: string): AsyncGenerator<{ key: string; bytes: number }> {
    for (const [key, bytes] of [...this.#objects]) if (key.startsWith(prefix)) yield { key, bytes: bytes.length };
  }

  async delete(key: string): Promise<boolean> {
    return this.#objects.delete(checkObjectKey(key));
  }

  /** For tests of damage: replaces the bytes behind the store's back. */
  corrupt(key: string, change: (bytes: Buffer) => Buffer): void {
    const bytes = this.#objects.get(key);
    if (bytes !== undefined) this.#objects.set(key, change(Buffer.from(bytes)));
  }
}
