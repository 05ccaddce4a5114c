/**
 * The wire between the gateway and a model host: length-prefixed binary frames over a pipe.
 * `u32 length of what follows · u32 call · u32 model · u8 op · 3 unused · payload`, little-endian. The head has 16
 * bytes so that a payload of numbers stands aligned and can be read where it is.
 */
export const Op = { load: 1, predict: 2, explain: 3, unload: 4, ok: 16, failed: 17, gone: 18, absent: 19 } as const;
export type Op = (typeof Op)[keyof typeof Op];

export interface Frame {
  call: number;
  model: number;
  op: Op;
  /** Ends where its ArrayBuffer ends and shares it with nobody, so that it can be transferred. */
  payload: Uint8Array<ArrayBuffer>;
}

const HEAD = 16;
/** Up to this size a copy is cheaper than a second chunk, which makes the write a gathered one. */
const ONE_CHUNK = 64 * 1024;
/** Larger than any model file or batch that is let in; a longer length means a broken stream. */
const MAX_FRAME = 0x7fff_ffff;

export function encodeFrame(call: number, model: number, op: Op, payload: Uint8Array): Uint8Array[] {
  const whole = payload.byteLength <= ONE_CHUNK;
  const head = Buffer.allocUnsafe(whole ? HEAD + payload.byteLength : HEAD);
  head.writeUInt32LE(payload.byteLength + HEAD - 4, 0);
  head.writeUInt32LE(call, 4);
  head.writeUInt32LE(model, 8);
  head.writeUInt32LE(op, 12);
  if (!whole) return [head, payload];
  head.set(payload, HEAD);
  return [head];
}

/** Cuts a byte stream into frames, copying each payload once. Throws when the stream is broken. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  #chunks: Buffer[] = [];
  #buffered = 0;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= HEAD) {
      const length = this.#peekLength();
      if (length < HEAD - 4 || length > MAX_FRAME) throw new Error(`a frame of ${length} bytes: the stream is broken`);
      if (this.#buffered < length + 4) return;
      const bytes = this.#take(length + 4);
      this.#onFrame({
        call: bytes.readUInt32LE(4),
        model: bytes.readUInt32LE(8),
        op: bytes.readUInt8(12) as Op,
        payload: new Uint8Array(bytes.buffer as ArrayBuffer, HEAD),
      });
    }
  }

  #peekLength(): number {
    const first = this.#chunks[0]!;
    if (first.length >= 4) return first.readUInt32LE(0);
    this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!.readUInt32LE(0);
  }

  #take(size: number): Buffer {
    const out = Buffer.allocUnsafeSlow(size); // its own ArrayBuffer, so that it can be transferred
    let filled = 0;
    while (filled < size) {
      const chunk = this.#chunks[0]!;
      const use = Math.min(chunk.length, size - filled);
      chunk.copy(out, filled, 0, use);
      filled += use;
      if (use === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(use);
    }
    this.#buffered -= size;
    return out;
  }
}

/** A batch of texts as one payload: `u32 n · n × u32 UTF-16 length · UTF-8 of all texts joined`. */
export function encodeTexts(texts: readonly string[]): Uint8Array {
  const joined = texts.join('');
  const head = 4 + 4 * texts.length;
  const payload = Buffer.allocUnsafe(head + Buffer.byteLength(joined));
  payload.writeUInt32LE(texts.length, 0);
  for (let i = 0; i < texts.length; i++) payload.writeUInt32LE(texts[i]!.length, 4 + 4 * i);
  payload.write(joined, head);
  return payload;
}

export function decodeTexts(payload: Uint8Array): string[] {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const count = bytes.readUInt32LE(0);
  const joined = bytes.toString('utf8', 4 + 4 * count);
  const texts = new Array<string>(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const length = bytes.readUInt32LE(4 + 4 * i);
    texts[i] = joined.slice(at, at + length);
    at += length;
  }
  return texts;
}
