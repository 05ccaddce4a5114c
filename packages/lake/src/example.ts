import { hash } from 'node:crypto';

/** One field of a task's input. `max_length` counts UTF-16 code units. */
export interface InputField {
  type: 'string';
  max_length: number;
}

/** What the lake must know of a task. */
export interface TaskForImport {
  taskId: string;
  labels: readonly string[];
  input: Readonly<Record<string, InputField>>;
}

export type AttributeValue = string | number | boolean | null;

/** Where a row's label comes from. Everything but `import` is the label of a decision. */
export type ExampleSource = 'import' | 'reviewer' | 'audit' | 'application';

/** What the label of a decision tells beyond the label; all null for an import, whose sampling nobody recorded. */
export interface Provenance {
  source: ExampleSource;
  /** With which probability the decision was to be labelled: 1 = all like it, null = unknown. */
  probability: number | null;
  /** `dec_…` */
  decision: string | null;
  labelled_at: string | null;
}

/** The provenance of every imported row. */
export const IMPORTED: Provenance = { source: 'import', probability: null, decision: null, labelled_at: null };

/** A labelled row as it is stored. Hashes are lower-case hex; times RFC 3339 in UTC. */
export interface ExampleRecord {
  id: string;
  input: Record<string, string>;
  label: string;
  subject: string | null;
  external_id: string | null;
  occurred_at: string | null;
  attributes: Record<string, AttributeValue>;
  /** First 128 bits of SHA-256 over the normalised input: what makes a duplicate. */
  input_hash: string;
  /** SHA-256 over the canonical content of the row (all but its id): what a dataset version is the hash of. */
  content_hash: string;
}

export interface RowProblem {
  code: string;
  detail: string;
  /** RFC 6901 pointer into the row. */
  pointer: string;
}

const FIELDS = new Set(['input', 'label', 'subject', 'external_id', 'occurred_at', 'attributes']);
const TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

class Invalid extends Error {
  readonly problem: RowProblem;
  constructor(code: string, pointer: string, detail: string) {
    super(detail);
    this.problem = { code, pointer, detail };
  }
}

const escapePointer = (name: string) => name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkText(value: unknown, pointer: string, max: number, min = 0): string {
  if (value === undefined) throw new Invalid('required', pointer, 'the field is missing');
  if (typeof value !== 'string') throw new Invalid('wrong_type', pointer, 'must be a string');
  if (value.length > max) {
    throw new Invalid('too_long', pointer, `has ${value.length} characters, at most ${max} are allowed`);
  }
  if (value.length < min) throw new Invalid('too_short', pointer, 'must not be empty');
  if (!value.isWellFormed() || value.includes('\u0000')) {
    throw new Invalid('invalid_text', pointer, 'holds an unpaired surrogate or the character U+0000');
  }
  return value;
}

function checkInput(input: unknown, fields: Readonly<Record<string, InputField>>): Record<string, string> {
  if (!isObject(input))
    throw new Invalid(input === undefined ? 'required' : 'wrong_type', '/input', 'must be an object');
  for (const name of Object.keys(input)) {
    if (!Object.hasOwn(fields, name)) {
      throw new Invalid('unknown_field', `/input/${escapePointer(name)}`, 'the task has no such input field');
    }
  }
  const checked: Record<string, string> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = checkText(input[name], `/input/${escapePointer(name)}`, field.max_length);
    if (value.trim() === '') throw new Invalid('too_short', `/input/${escapePointer(name)}`, 'must not be empty');
    checked[name] = value;
  }
  return checked;
}

function checkAttributes(attributes: unknown): Record<string, AttributeValue> {
  if (attributes === undefined) return {};
  if (!isObject(attributes)) throw new Invalid('wrong_type', '/attributes', 'must be an object');
  const names = Object.keys(attributes);
  if (names.length > 100) throw new Invalid('too_many', '/attributes', 'at most 100 attributes are allowed');
  const checked: Record<string, AttributeValue> = {};
  for (const name of names.sort()) {
    const pointer = `/attributes/${escapePointer(name)}`;
    if (name === '' || name.length > 200 || name === '__proto__' || !name.isWellFormed() || name.includes('\u0000')) {
      throw new Invalid('invalid_name', pointer, 'not a possible attribute name');
    }
    const value = attributes[name];
    if (typeof value === 'string') checked[name] = checkText(value, pointer, 2000);
    else if (value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
      checked[name] = value;
    } else throw new Invalid('wrong_type', pointer, 'must be a string, a number, true, false or null');
  }
  return checked;
}

function checkTime(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const match = typeof value === 'string' ? TIME.exec(value) : null;
  const time = match === null ? Number.NaN : Date.parse((value as string).replace(' ', 'T').toUpperCase());
  // Date.parse takes 31 February for 3 March.
  const days = match === null ? 0 : new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate();
  if (Number.isNaN(time) || match === null || Number(match[3]) > days) {
    throw new Invalid('invalid_time', '/occurred_at', 'must be a time like 2026-05-31T12:00:00Z (RFC 3339)');
  }
  return new Date(time).toISOString();
}

const optional = (value: unknown, pointer: string) =>
  value === undefined || value === null ? null : checkText(value, pointer, 500, 1);

/** The form under which two inputs are the same: NFC, runs of white space as one space, none at the ends. */
export function normaliseInput(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** JSON with the keys in the order of their code units, as in RFC 8785. Values are scalars. */
function canonical(record: Readonly<Record<string, AttributeValue>>): string {
  const members = Object.keys(record)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(record[name])}`);
  return `{${members.join(',')}}`;
}

/**
 * Hashes of a row, over its canonical JSON (keys in order). The content of an import is what it was before decisions
 * could be examples, so that the ids of datasets hold; that of a labelled decision has its provenance too.
 */
export function hashesOf(
  row: Omit<ExampleRecord, 'id' | 'input_hash' | 'content_hash'>,
  from: Provenance = IMPORTED,
): { input_hash: string; content_hash: string } {
  const labelled = from.decision !== null;
  const normalised = Object.fromEntries(Object.entries(row.input).map(([name, text]) => [name, normaliseInput(text)]));
  const content =
    `{"attributes":${canonical(row.attributes)},` +
    (labelled ? `"decision":${JSON.stringify(from.decision)},` : '') +
    `"external_id":${JSON.stringify(row.external_id)},` +
    `"input":${canonical(row.input)},"label":${JSON.stringify(row.label)},` +
    (labelled ? `"labelled_at":${JSON.stringify(from.labelled_at)},` : '') +
    `"occurred_at":${JSON.stringify(row.occurred_at)},` +
    (labelled ? `"probability":${JSON.stringify(from.probability)},"source":${JSON.stringify(from.source)},` : '') +
    `"subject":${JSON.stringify(row.subject)}}`;
  return { input_hash: hash('sha256', canonical(normalised)).slice(0, 32), content_hash: hash('sha256', content) };
}

/** Turns decoded rows into records, by the rules of one task. */
export class ExampleChecker {
  readonly #fields: Readonly<Record<string, InputField>>;
  readonly #labels: Map<string, string>;
  readonly #addLabels: boolean;
  /** Labels that rows had and the task lacks; only filled when they may be added. */
  readonly newLabels = new Set<string>();

  constructor(task: TaskForImport, options: { addLabels: boolean }) {
    this.#fields = task.input;
    // Labels are compared in NFC, and kept as the task spells them.
    this.#labels = new Map(task.labels.map((label) => [label.normalize('NFC'), label]));
    this.#addLabels = options.addLabels;
  }

  /** The number of labels that the task would have. */
  get labelCount(): number {
    return this.#labels.size;
  }

  /** Most bytes that a well-formed row can have in any format: each character may be written as `\uXXXX`. */
  get maxRowBytes(): number {
    const characters = Object.values(this.#fields).reduce((sum, field) => sum + field.max_length, 0);
    return characters * 6 + (2 << 20);
  }

  check(example: unknown, id: () => string): { record: ExampleRecord } | { problem: RowProblem } {
    try {
      return { record: this.#check(example, id) };
    } catch (error) {
      if (error instanceof Invalid) return { problem: error.problem };
      throw error;
    }
  }

  #check(example: unknown, id: () => string): ExampleRecord {
    if (!isObject(example)) throw new Invalid('wrong_type', '', 'an example is an object {"input": {…}, "label": "…"}');
    for (const name of Object.keys(example)) {
      if (FIELDS.has(name)) continue;
      const hint = Object.hasOwn(this.#fields, name) ? `; it belongs into input: {"input": {"${name}": "…"}}` : '';
      throw new Invalid('unknown_field', `/${escapePointer(name)}`, `the field is not known${hint}`);
    }
    const row = {
      input: checkInput(example.input, this.#fields),
      label: this.#checkLabel(example.label),
      subject: optional(example.subject, '/subject'),
      external_id: optional(example.external_id, '/external_id'),
      occurred_at: checkTime(example.occurred_at),
      attributes: checkAttributes(example.attributes),
    };
    return { id: id(), ...row, ...hashesOf(row) };
  }

  #checkLabel(value: unknown): string {
    const label = checkText(value, '/label', 200, 1);
    const name = label.normalize('NFC');
    const known = this.#labels.get(name);
    if (known !== undefined) return known;
    if (!this.#addLabels) {
      throw new Invalid('unknown_label', '/label', `the task has no label ${JSON.stringify(label)}`);
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u001f]/.test(name) || name.trim() !== name) {
      throw new Invalid('invalid_label', '/label', 'a label has no control characters and no space at its ends');
    }
    this.#labels.set(name, name);
    this.newLabels.add(name);
    return name;
  }
}
