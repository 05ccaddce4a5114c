import { ModelFileError } from './errors.ts';

/** The first eight bytes: `U N D E R T X T`. */
const MAGIC = Uint8Array.of(0x55, 0x4e, 0x44, 0x45, 0x52, 0x54, 0x58, 0x54);
const VERSION = 1;
const PREFIX_BYTES = 16;
const ALIGNMENT = 64;
const MAX_HEADER_BYTES = 4 << 20;
const MAX_SECTIONS = 64;

const TYPES = {
  u8: Uint8Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  f32: Float32Array,
} as const;

export interface SectionTypes {
  u8: Uint8Array;
  u16: Uint16Array;
  i32: Int32Array;
  u32: Uint32Array;
  f32: Float32Array;
}
export type SectionType = keyof SectionTypes;
export type SectionArray = SectionTypes[SectionType];

/** What a model file holds: a JSON header and named arrays of numbers. Its layout is in the README. */
export interface ModelFile {
  /** E.g. `understudy-linear/1`. */
  format: string;
  /** Everything of the header but `format` and `sections`: shape and meaning are the format's. */
  meta: Record<string, unknown>;
  sections: Map<string, SectionArray>;
}

/** The bytes of a model file, in pieces to be written one after the other (a model may exceed any one buffer). */
export function encodeModelFile(file: ModelFile): Uint8Array[] {
  const table: Record<string, { type: SectionType; offset: number; length: number }> = {};
  let offset = 0;
  for (const [name, array] of file.sections) {
    table[name] = { type: sectionType(array), offset, length: array.length };
    offset = align(offset + array.byteLength);
  }
  const header = new TextEncoder().encode(JSON.stringify({ format: file.format, sections: table, ...file.meta }));
  if (header.length > MAX_HEADER_BYTES) throw new ModelFileError('the header is too large');
  const start = new Uint8Array(align(PREFIX_BYTES + header.length));
  start.set(MAGIC);
  const view = new DataView(start.buffer);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, header.length, true);
  start.set(header, PREFIX_BYTES);
  const pieces: Uint8Array[] = [start];
  for (const array of file.sections.values()) {
    pieces.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    pieces.push(new Uint8Array(align(array.byteLength) - array.byteLength));
  }
  return pieces;
}

/**
 * Reads a model file without trusting a byte of it: every length and offset is checked before it is used, sections
 * may neither overlap nor leave the file, floats must be finite. Arrays are copies; nothing larger than the file is
 * allocated. Throws ModelFileError.
 */
export function decodeModelFile(bytes: Uint8Array): ModelFile {
  if (bytes.length < PREFIX_BYTES) throw new ModelFileError('the file is shorter than its prefix');
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw new ModelFileError('the file has another magic number');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8, true) !== VERSION) throw new ModelFileError('the file has an unknown version');
  const headerBytes = view.getUint32(12, true);
  if (headerBytes > MAX_HEADER_BYTES || PREFIX_BYTES + headerBytes > bytes.length) {
    throw new ModelFileError('the header is larger than the file or than its bound');
  }
  const { format, sections, ...meta } = parseHeader(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + headerBytes));
  if (typeof format !== 'string') throw new ModelFileError('the header names no format');
  return { format, meta, sections: readSections(bytes, align(PREFIX_BYTES + headerBytes), sections) };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ModelFileError('the header is not JSON');
  }
  if (!isRecord(header)) throw new ModelFileError('the header is not an object');
  return header;
}

function readSections(bytes: Uint8Array, base: number, table: unknown): Map<string, SectionArray> {
  if (!isRecord(table)) throw new ModelFileError('the header has no section table');
  const entries = Object.entries(table);
  if (entries.length > MAX_SECTIONS) throw new ModelFileError('the file has too many sections');
  const taken: [number, number][] = [];
  const sections = new Map<string, SectionArray>();
  for (const [name, entry] of entries) {
    if (!isRecord(entry)) throw new ModelFileError(`section ${name} is not described`);
    const { type, offset, length } = entry;
    if (typeof type !== 'string' || !Object.hasOwn(TYPES, type)) {
      throw new ModelFileError(`section ${name} has an unknown type`);
    }
    if (!isCount(offset) || !isCount(length) || offset % ALIGNMENT !== 0) {
      throw new ModelFileError(`section ${name} has no valid place`);
    }
    const view = TYPES[type as SectionType];
    const start = base + offset;
    const end = start + length * view.BYTES_PER_ELEMENT;
    if (end > bytes.length) throw new ModelFileError(`section ${name} leaves the file`);
    if (taken.some(([from, to]) => start < to && from < end))
      throw new ModelFileError(`section ${name} overlaps another`);
    taken.push([start, end]);
    // A Buffer's own slice would share memory; this copies whatever kind of bytes it was given.
    const copy = new Uint8Array(end - start);
    copy.set(bytes.subarray(start, end));
    const array = new view(copy.buffer);
    if (array instanceof Float32Array && !allFinite(array)) throw new ModelFileError(`section ${name} has a NaN`);
    sections.set(name, array);
  }
  return sections;
}

function allFinite(values: Float32Array): boolean {
  // x − x is 0 for finite x and NaN otherwise; the sum keeps the loop free of branches.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! - values[i]!;
  return sum === 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The name that an array's type has in the section table. */
export function sectionType(array: SectionArray): SectionType {
  const found = Object.entries(TYPES).find(([, type]) => array instanceof type);
  return found![0] as SectionType;
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
