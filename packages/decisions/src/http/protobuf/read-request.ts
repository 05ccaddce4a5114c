import { isUtf8 } from 'node:buffer';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { decisionsErrors } from '../../errors.ts';

/** One more than a batch may have: the schema of the body refuses it, and nobody reads on. */
const MOST_ITEMS = 1001;

type Fields = Record<string, unknown>;
type Reading = (reader: BinaryReader, message: Fields, at: string, end: number) => void;

/** A field by its number: how it is on the wire, and what to do with it. */
interface Field {
  wire: WireType;
  name: string;
  read: Reading;
}

const broken = (at: string, why: string) =>
  decisionsErrors.invalid_protobuf(`${at === '' ? 'the message' : at} ${why}`);

/** Valid UTF-8 only. U+FFFD is what invalid bytes are read as, and a text that holds it is looked at twice. */
function decodeUtf8(bytes: Uint8Array): string {
  const text = (bytes as Buffer).toString('utf8');
  if (text.includes('\uFFFD') && !isUtf8(bytes)) throw decisionsErrors.invalid_protobuf('a string is not valid UTF-8');
  return text;
}

/** The end of the message, string or map entry that begins here. */
function endOf(reader: BinaryReader, at: string, end: number): number {
  const length = reader.uint32();
  const inner = reader.pos + length;
  if (inner > end) throw broken(at, 'is longer than what holds it');
  return inner;
}

/** Reads fields up to `end`. One that the message does not have stays under a name of its own, for the schema to refuse. */
function readFields(
  fields: Readonly<Record<number, Field>>,
  reader: BinaryReader,
  message: Fields,
  at: string,
  end: number,
) {
  while (reader.pos < end) {
    const [number, wire] = reader.tag();
    const field = fields[number];
    if (field === undefined) {
      reader.skip(wire, number);
      message[`field_${number}`] = true;
    } else if (field.wire !== wire) {
      throw broken(`${at}/${field.name}`, `has wire type ${wire}, not ${field.wire}`);
    } else field.read(reader, message, `${at}/${field.name}`, end);
    if (reader.pos > end) throw broken(at, 'ends in the middle of a field');
  }
}

const text = (name: string): Field => ({
  wire: WireType.LengthDelimited,
  name,
  read: (reader, message) => {
    message[name] = reader.string(true);
  },
});

const INPUT = { 1: text('text') };

/** Of the oneof the last one counts, as everywhere in Protocol Buffers. */
const ATTRIBUTE: Readonly<Record<number, Field>> = {
  1: text('value'),
  2: {
    wire: WireType.Bit64,
    name: 'value',
    read: (reader, message) => {
      message.value = reader.double();
    },
  },
  3: {
    wire: WireType.Varint,
    name: 'value',
    read: (reader, message) => {
      message.value = reader.bool();
    },
  },
  4: {
    wire: WireType.Varint,
    name: 'value',
    read: (reader, message, at) => {
      if (!reader.bool()) throw broken(at, 'says `null: false`, which is no value');
      message.value = null;
    },
  },
};

const ENTRY: Readonly<Record<number, Field>> = {
  1: text('key'),
  2: {
    wire: WireType.LengthDelimited,
    name: 'value',
    read: (reader, message, at, end) => {
      const attribute: Fields = {};
      readFields(ATTRIBUTE, reader, attribute, at, endOf(reader, at, end));
      const [unknown] = Object.keys(attribute).filter((key) => key !== 'value');
      if (unknown !== undefined) throw broken(`${at}/${unknown}`, 'is not a field of this message');
      message.value = attribute.value;
    },
  },
};

const ITEM: Readonly<Record<number, Field>> = {
  1: {
    wire: WireType.LengthDelimited,
    name: 'input',
    read: (reader, message, at, end) => {
      const input = (message.input ?? {}) as Fields; // sent twice, a message is merged
      message.input = input;
      readFields(INPUT, reader, input, at, endOf(reader, at, end));
    },
  },
  2: text('subject'),
  3: text('external_id'),
  4: {
    wire: WireType.LengthDelimited,
    name: 'attributes',
    read: (reader, message, at, end) => {
      const entry: Fields = {};
      readFields(ENTRY, reader, entry, at, endOf(reader, at, end));
      const { key = '', value, ...unknown } = entry;
      if (Object.keys(unknown).length > 0) throw broken(at, 'has an entry with a field that no entry has');
      if (key === '__proto__') throw broken(at, 'has the name __proto__, which nothing may have');
      const attributes = (message.attributes ?? {}) as Fields;
      message.attributes = attributes;
      // Without a value it is no JSON value either, and the schema says where.
      attributes[key as string] = value;
    },
  },
  5: {
    wire: WireType.Varint,
    name: 'explain',
    read: (reader, message) => {
      message.explain = reader.bool();
    },
  },
};

const BATCH: Readonly<Record<number, Field>> = {
  1: {
    wire: WireType.LengthDelimited,
    name: 'items',
    read: (reader, message, at, end) => {
      const items = message.items as Fields[];
      const inner = endOf(reader, at, end);
      const item: Fields = {};
      readFields(ITEM, reader, item, `${at}/${items.length}`, inner);
      if (items.push(item) >= MOST_ITEMS) reader.pos = end;
    },
  },
};

function read(bytes: Buffer, fields: Readonly<Record<number, Field>>, message: Fields): Fields {
  const reader = new BinaryReader(bytes, decodeUtf8);
  try {
    readFields(fields, reader, message, '', bytes.length);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'invalid_protobuf') throw error;
    // The reader's own errors: cut off, a varint without an end, a group that is not closed.
    throw decisionsErrors.invalid_protobuf(`the message breaks off or is malformed near byte ${reader.pos}`, {
      cause: error,
    });
  }
  return message;
}

/**
 * A `PredictionRequest` of understudy.proto, as the JSON form has it and not yet checked against its schema.
 *
 * @throws `invalid_protobuf`
 */
export function readItem(bytes: Buffer): unknown {
  return read(bytes, ITEM, {});
}

/** The same for a `BatchRequest`. */
export function readBatch(bytes: Buffer): unknown {
  return read(bytes, BATCH, { items: [] });
}
