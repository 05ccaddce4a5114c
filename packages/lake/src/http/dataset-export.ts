import type { DatasetRow } from '../dataset.ts';

/**
 * Rows as NDJSON in the shape of an import: what is exported can be imported again. With their provenance they cannot:
 * an import does not say how its rows were sampled.
 */
export async function* asNdjson(batches: AsyncIterable<DatasetRow[]>, provenance: boolean): AsyncGenerator<string> {
  for await (const rows of batches) {
    let lines = '';
    for (const row of rows) {
      const { text, label, subject, external_id, occurred_at, attributes } = row;
      const { source, probability, decision, labelled_at } = row;
      const example = {
        input: { text },
        label,
        ...(subject === null ? {} : { subject }),
        ...(external_id === null ? {} : { external_id }),
        ...(occurred_at === null ? {} : { occurred_at }),
        ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
        ...(provenance ? { source, probability, decision, labelled_at } : {}),
      };
      lines += `${JSON.stringify(example)}\n`;
    }
    yield lines;
  }
}

/** A field as RFC 4180 writes it. */
function field(value: string): string {
  return /[",\r\n]/.test(value) || value.trim() !== value ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Rows as CSV (RFC 4180) with the columns of an import, and with their provenance when asked for. Attributes that are not strings become strings. */
export async function* asCsv(
  batches: AsyncIterable<DatasetRow[]>,
  attributes: readonly string[],
  provenance: boolean,
): AsyncGenerator<string> {
  const header = ['text', 'label', 'subject', 'external_id', 'occurred_at'];
  if (provenance) header.push('source', 'probability', 'decision', 'labelled_at');
  yield `${[...header, ...attributes.map((name) => field(`attributes.${name}`))].join(',')}\r\n`;
  for await (const rows of batches) {
    let lines = '';
    for (const row of rows) {
      const cells = [row.text, row.label, row.subject ?? '', row.external_id ?? '', row.occurred_at ?? ''];
      if (provenance) {
        cells.push(row.source, String(row.probability ?? ''), row.decision ?? '', row.labelled_at ?? '');
      }
      for (const name of attributes)
        cells.push(Object.hasOwn(row.attributes, name) ? String(row.attributes[name] ?? '') : '');
      lines += `${cells.map(field).join(',')}\r\n`;
    }
    yield lines;
  }
}
