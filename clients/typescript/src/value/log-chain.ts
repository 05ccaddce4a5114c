/** SHA-256. A runtime's own synchronous one is many times faster than Web Crypto for short texts. */
export type Sha256 = (data: Uint8Array<ArrayBuffer>) => Uint8Array | Promise<Uint8Array>;

export const webSha256: Sha256 = async (data) => new Uint8Array(await crypto.subtle.digest('SHA-256', data));

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Undefined for what is not a SHA-256 hash. */
export function fromHex(text: unknown): Uint8Array | undefined {
  if (typeof text !== 'string' || !/^[0-9a-f]{64}$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

const encoder = new TextEncoder();

/** The hashes of RFC 6962 §2.1, and the log of commits that a workspace's head stands for. */
export class LogChain {
  readonly #sha256: Sha256;
  /** Roots of complete subtrees, the largest first; one for each bit of `size`. */
  readonly #peaks: Uint8Array[] = [];
  size = 0;

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  /** SHA-256(0x00 ‖ UTF-8 text). */
  leafOf(text: string): Uint8Array | Promise<Uint8Array> {
    // Three bytes a character hold every text; the rest of the buffer is not hashed.
    const bytes = new Uint8Array(1 + text.length * 3);
    const { written } = encoder.encodeInto(text, bytes.subarray(1));
    return this.#sha256(bytes.subarray(0, 1 + written));
  }

  #node(left: Uint8Array, right: Uint8Array): Uint8Array | Promise<Uint8Array> {
    const bytes = new Uint8Array(65);
    bytes[0] = 1;
    bytes.set(left, 1);
    bytes.set(right, 33);
    return this.#sha256(bytes);
  }

  /** The tree head over these leaves: split at the largest power of two below their number. */
  async rootOf(leaves: readonly Uint8Array[]): Promise<Uint8Array> {
    if (leaves.length === 0) return this.#sha256(new Uint8Array());
    if (leaves.length === 1) return leaves[0]!;
    let half = 1;
    while (half * 2 < leaves.length) half *= 2;
    return this.#node(await this.rootOf(leaves.slice(0, half)), await this.rootOf(leaves.slice(half)));
  }

  /** Appends a commit: its leaf is SHA-256(0x00 ‖ root ‖ entries ‖ committed_at in ms), integers of 8 bytes, big-endian. */
  async push(commit: { root: Uint8Array; entries: number; committedAt: number }): Promise<void> {
    const bytes = new Uint8Array(49);
    bytes.set(commit.root, 1);
    const view = new DataView(bytes.buffer);
    view.setBigInt64(33, BigInt(commit.entries));
    view.setBigInt64(41, BigInt(commit.committedAt));
    let node = await this.#sha256(bytes);
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2) node = await this.#node(this.#peaks.pop()!, node);
    this.#peaks.push(node);
    this.size++;
  }

  async head(): Promise<string> {
    if (this.#peaks.length === 0) return toHex(await this.#sha256(new Uint8Array()));
    let head = this.#peaks.at(-1)!;
    for (let i = this.#peaks.length - 2; i >= 0; i--) head = await this.#node(this.#peaks[i]!, head);
    return toHex(head);
  }
}
