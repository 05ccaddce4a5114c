import type { ExampleRequest, PredictionRequest } from '@understudy/client';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import type { FileRecord } from './records.ts';

/** Which fields of a foreign file mean what. */
export interface Columns {
  textColumn?: string;
  labelColumn?: string;
  subjectColumn?: string;
  externalIdColumn?: string;
  occurredAtColumn?: string;
  attributeColumns?: string[];
}

export const list = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** The options of {@link Columns}. */
export function addColumnOptions(command: Command): Command {
  return command
    .option('--text-column <name>', 'column or field that holds the text')
    .option('--subject-column <name>', 'column that says whom or what the item is about')
    .option('--external-id-column <name>', 'column with your own id')
    .option('--attribute-columns <names>', 'columns to keep as attributes, comma-separated', list);
}

const scalar = (value: unknown): string | number | boolean | null =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as string | number | boolean | null);

function pick(record: FileRecord, column: string, what: string): unknown {
  if (!Object.hasOwn(record.fields, column)) {
    const known = Object.keys(record.fields).slice(0, 20).join(', ');
    throw new UsageError(`row ${record.number} has no ${what} column ${JSON.stringify(column)}; it has ${known}`);
  }
  return record.fields[column];
}

/** A cell that may be empty: an empty one is not sent. */
function optional(record: FileRecord, column: string | undefined, what: string): string | undefined {
  if (column === undefined) return undefined;
  const value = pick(record, column, what);
  return value === null || value === undefined || value === '' ? undefined : String(value);
}

function about(record: FileRecord, columns: Columns) {
  const subject = optional(record, columns.subjectColumn, 'subject');
  const externalId = optional(record, columns.externalIdColumn, 'id');
  const attributes = columns.attributeColumns?.map((name) => [name, scalar(pick(record, name, 'attribute'))] as const);
  return {
    ...(subject === undefined ? {} : { subject }),
    ...(externalId === undefined ? {} : { external_id: externalId }),
    ...(attributes === undefined ? {} : { attributes: Object.fromEntries(attributes) }),
  };
}

/** A row as an example. */
export function toExample(record: FileRecord, columns: Columns): ExampleRequest {
  const occurredAt = optional(record, columns.occurredAtColumn, 'time');
  return {
    input: { text: String(pick(record, columns.textColumn ?? 'text', 'text') ?? '') },
    label: String(pick(record, columns.labelColumn ?? 'label', 'label') ?? ''),
    ...about(record, columns),
    ...(occurredAt === undefined ? {} : { occurred_at: occurredAt }),
  };
}

/** A row as an item to decide: `{"input": {"text": …}, …}` as the API has it, or a text in a column of its own. */
export function toItem(record: FileRecord, columns: Columns): PredictionRequest {
  const { input, subject, external_id, attributes } = record.fields;
  if (columns.textColumn === undefined && typeof input === 'object' && input !== null) {
    return {
      input: input as { text: string },
      ...(typeof subject === 'string' ? { subject } : {}),
      ...(typeof external_id === 'string' ? { external_id } : {}),
      ...(typeof attributes === 'object' && attributes !== null
        ? { attributes: attributes as Exclude<PredictionRequest['attributes'], undefined> }
        : {}),
    };
  }
  const detected = { ...columns };
  if (columns.externalIdColumn === undefined && Object.hasOwn(record.fields, 'external_id')) {
    detected.externalIdColumn = 'external_id';
  }
  if (columns.subjectColumn === undefined && Object.hasOwn(record.fields, 'subject'))
    detected.subjectColumn = 'subject';
  const column = columns.textColumn ?? (Object.hasOwn(record.fields, 'input.text') ? 'input.text' : 'text');
  return { input: { text: String(pick(record, column, 'text') ?? '') }, ...about(record, detected) };
}
