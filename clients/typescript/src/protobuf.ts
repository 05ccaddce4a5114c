import type { Decision, PredictionRequest } from './generated/api.ts';

/** Of the server's `/understudy.proto`, what {@link writeBatch} and {@link readDecisions} speak. */
export const PROTOBUF = 'application/x-protobuf';

const VARINT = 0;
const DOUBLE = 1;
const BYTES = 2;
const FOUR_BYTES = 5;

const LONE_SURROGATE = /\p{Surrogate}/u;
const encoder = new TextEncoder();

/** Grows as it is written to; a message inside another one is measured when it ends. */
class Writer {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  #room(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + more));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  #varint(value: number): void {
    this.#room(5);
    for (let rest = value; ; rest = Math.floor(rest / 128)) {
      this.#bytes[this.#at++] = rest > 127 ? (rest & 127) | 128 : rest;
      if (rest <= 127) return;
    }
  }

  bool(field: number, value: boolean): void {
    this.#varint(field * 8 + VARINT);
    this.#varint(value ? 1 : 0);
  }

  double(field: number, value: number): void {
    this.#varint(field * 8 + DOUBLE);
    this.#room(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  string(field: number, value: string): void {
    // UTF-8 has no place for half of a surrogate pair: encoded, it would silently become another character.
    if (typeof value !== 'string' || LONE_SURROGATE.test(value)) throw new TypeError('a text is no well-formed string');
    this.#varint(field * 8 + BYTES);
    this.#room(3 * value.length + 5); // at most three bytes a UTF-16 code unit
    const guess = sizeOf(value.length);
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(this.#at + guess));
    this.#measured(this.#at, guess, written);
  }

  message(field: number, write: () => void): void {
    this.#varint(field * 8 + BYTES);
    this.#room(1);
    const start = this.#at++;
    write();
    this.#room(4);
    this.#measured(start, 1, this.#at - start - 1);
  }

  /** Puts the length before `length` bytes that stand `left` behind `start`, and moves them where it needs more or less. */
  #measured(start: number, left: number, length: number): void {
    const size = sizeOf(length);
    if (size !== left) this.#bytes.copyWithin(start + size, start + left, start + left + length);
    this.#at = start;
    this.#varint(length);
    this.#at += length;
  }

  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at);
  }
}

const sizeOf = (value: number): number => (value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4);

const FIELDS: ReadonlySet<string> = new Set(['input', 'subject', 'external_id', 'attributes', 'explain']);

function writeItem(out: Writer, item: PredictionRequest): void {
  // JSON would take them to the server, which refuses them; here they would be lost.
  for (const name in item) if (!FIELDS.has(name)) throw new TypeError(`an item has no field ${name}`);
  for (const name in item.input) if (name !== 'text') throw new TypeError(`an input has no field ${name}`);
  out.message(1, () => out.string(1, item.input.text));
  if (item.subject !== undefined) out.string(2, item.subject);
  if (item.external_id !== undefined) out.string(3, item.external_id);
  for (const [name, value] of Object.entries(item.attributes ?? {})) {
    out.message(4, () => {
      out.string(1, name);
      out.message(2, () => {
        if (typeof value === 'string') out.string(1, value);
        else if (typeof value === 'number') out.double(2, value);
        else if (typeof value === 'boolean') out.bool(3, value);
        else if (value === null) out.bool(4, true);
        else throw new TypeError(`the attribute ${name} is no text, number, boolean or null`);
      });
    });
  }
  if (item.explain !== undefined) out.bool(5, item.explain);
}

/** A `BatchRequest`. Throws TypeError for what the message cannot hold. */
export function writeBatch(items: readonly PredictionRequest[]): Uint8Array<ArrayBuffer> {
  const out = new Writer();
  for (const item of items) out.message(1, () => writeItem(out, item));
  return out.written;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws RangeError when a message breaks off or is no Protocol Buffers. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
    this.end = end;
  }

  get more(): boolean {
    return this.at < this.end;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 70; factor *= 128) {
      if (this.at >= this.end) break;
      const byte = this.#bytes[this.at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new RangeError('a number breaks off');
  }

  double(): number {
    this.#take(8);
    return this.#view.getFloat64(this.at - 8, true);
  }

  string(): string {
    const length = this.varint();
    const start = this.at;
    this.#take(length);
    // Most are short and ASCII; a decoder costs more than they do.
    if (length < 48) {
      let text = '';
      for (let i = start; i < this.at; i++) {
        const byte = this.#bytes[i]!;
        if (byte > 127) return decoder.decode(this.#bytes.subarray(start, this.at));
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return decoder.decode(this.#bytes.subarray(start, this.at));
  }

  message(): Reader {
    const length = this.varint();
    this.#take(length);
    return new Reader(this.#bytes, this.at - length, this.at);
  }

  /** Of a field that this version does not know. */
  skip(wire: number): void {
    if (wire === VARINT) this.varint();
    else if (wire === DOUBLE) this.#take(8);
    else if (wire === BYTES) this.#take(this.varint());
    else if (wire === FOUR_BYTES) this.#take(4);
    else throw new RangeError('a field of a kind that there is not');
  }

  #take(length: number): void {
    this.at += length;
    if (this.at > this.end) throw new RangeError('a message breaks off');
  }
}

const OUTCOMES = [undefined, 'automated', 'review'] as const;
const AUTOMATIONS = [undefined, 'certified', 'uncertified', 'off'] as const;

/** What stands once for all decisions of an answer. */
interface Shared {
  task: string;
  labels: string[];
  models: { rung: string; model: string; version: string }[];
  currency: string;
}

/** The value that a table has at a place. */
function at<T>(table: readonly (T | undefined)[], place: number): T {
  const value = table[place];
  if (value === undefined) throw new RangeError('a reference to nothing');
  return value;
}

/** The decisions of a `Decisions` message, as JSON has them. Throws RangeError or TypeError when it is none. */
export function readDecisions(bytes: Uint8Array): Decision[] {
  const shared: Shared = { task: '', labels: [], models: [], currency: '' };
  const found: Reader[] = [];
  for (const reader = new Reader(bytes); reader.more; ) {
    const tag = reader.varint();
    if (tag === 8 + BYTES) shared.task = reader.string();
    else if (tag === 16 + BYTES) shared.labels.push(reader.string());
    else if (tag === 24 + BYTES) shared.models.push(readModel(reader.message()));
    else if (tag === 32 + BYTES) shared.currency = reader.string();
    else if (tag === 40 + BYTES) found.push(reader.message());
    else reader.skip(tag % 8);
  }
  return found.map((reader) => readDecision(reader, shared));
}

function readModel(reader: Reader): Shared['models'][number] {
  const model = { rung: '', model: '', version: '' };
  while (reader.more) {
    const tag = reader.varint();
    if (tag === 8 + BYTES) model.rung = reader.string();
    else if (tag === 16 + BYTES) model.model = reader.string();
    else if (tag === 24 + BYTES) model.version = reader.string();
    else reader.skip(tag % 8);
  }
  return model;
}

function readDecision(reader: Reader, shared: Shared): Decision {
  const candidates: { label: string; score: number }[] = [];
  const decision: Decision = {
    id: '',
    task: shared.task,
    outcome: 'review',
    label: null,
    confidence: null,
    threshold: null,
    automation: 'off',
    candidates,
    decided_by: null,
    created_at: '1970-01-01T00:00:00.000Z',
    cost: { amount: '0', currency: shared.currency },
  };
  while (reader.more) {
    const tag = reader.varint();
    if (tag === 8 + BYTES) decision.id = reader.string();
    else if (tag === 16 + VARINT) decision.outcome = at(OUTCOMES, reader.varint());
    else if (tag === 24 + VARINT) decision.label = at(shared.labels, reader.varint());
    else if (tag === 32 + DOUBLE) decision.confidence = reader.double();
    else if (tag === 40 + DOUBLE) decision.threshold = reader.double();
    else if (tag === 48 + VARINT) decision.automation = at(AUTOMATIONS, reader.varint());
    else if (tag === 56 + BYTES) readReview(reader.message(), shared, decision);
    else if (tag === 64 + BYTES) candidates.push(readCandidate(reader.message(), shared));
    else if (tag === 72 + VARINT) decision.decided_by = { ...at(shared.models, reader.varint()) };
    else if (tag === 80 + BYTES) decision.external_id = reader.string();
    else if (tag === 88 + VARINT) decision.created_at = new Date(reader.varint()).toISOString();
    else if (tag === 96 + BYTES) decision.cost.amount = reader.string();
    else if (tag === 104 + BYTES) decision.explanation = readExplanation(reader.message());
    else reader.skip(tag % 8);
  }
  return decision;
}

function readCandidate(reader: Reader, { labels }: Shared): { label: string; score: number } {
  let label = 0;
  let score = 0;
  while (reader.more) {
    const tag = reader.varint();
    if (tag === 8 + VARINT) label = reader.varint();
    else if (tag === 16 + DOUBLE) score = reader.double();
    else reader.skip(tag % 8);
  }
  return { label: at(labels, label), score };
}

function readReview(reader: Reader, shared: Shared, decision: Decision): void {
  const review: { item: string | null; reason: string } = { item: null, reason: '' };
  decision.suggestion = null;
  while (reader.more) {
    const tag = reader.varint();
    if (tag === 8 + BYTES) review.item = reader.string();
    else if (tag === 16 + BYTES) review.reason = reader.string();
    else if (tag === 24 + BYTES) {
      const { label, score } = readCandidate(reader.message(), shared);
      decision.suggestion = { label, confidence: score };
    } else reader.skip(tag % 8);
  }
  decision.review = review as NonNullable<Decision['review']>;
}

type Explanation = NonNullable<Decision['explanation']>;

function readExplanation(reader: Reader): Explanation {
  const features: Explanation['features'] = [];
  const explanation: Explanation = { method: '', label: '', score: 0, unit: '', bias: 0, features, remainder: 0 };
  while (reader.more) {
    const tag = reader.varint();
    if (tag === 8 + BYTES) explanation.method = reader.string();
    else if (tag === 16 + BYTES) explanation.label = reader.string();
    else if (tag === 24 + DOUBLE) explanation.score = reader.double();
    else if (tag === 32 + BYTES) explanation.unit = reader.string();
    else if (tag === 40 + DOUBLE) explanation.bias = reader.double();
    else if (tag === 48 + BYTES) features.push(readFeature(reader.message()));
    else if (tag === 56 + DOUBLE) explanation.remainder = reader.double();
    else reader.skip(tag % 8);
  }
  return explanation;
}

function readFeature(reader: Reader): Explanation['features'][number] {
  const feature: Explanation['features'][number] = { name: '', weight: 0 };
  const span: number[] = [];
  while (reader.more) {
    const tag = reader.varint();
    if (tag === 8 + BYTES) feature.name = reader.string();
    else if (tag === 16 + DOUBLE) feature.weight = reader.double();
    else if (tag === 24 + VARINT) span.push(reader.varint());
    else if (tag === 24 + BYTES) for (const inner = reader.message(); inner.more; ) span.push(inner.varint());
    else reader.skip(tag % 8);
  }
  if (span.length > 0) feature.span = span;
  return feature;
}
