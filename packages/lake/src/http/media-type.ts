import { lakeErrors } from '../errors.ts';
import type { ImportFormat } from '../examples.ts';

const FORMATS: Readonly<Record<string, ImportFormat>> = {
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'text/csv': 'csv',
};

/** Beside JSON. */
export const IMPORT_TYPES: readonly string[] = Object.keys(FORMATS).filter((type) => type !== 'application/json');

/** The format that a `Content-Type` names. Throws `unsupported_media_type`, or `invalid_encoding` for a charset. */
export function formatOf(contentType: string | undefined): ImportFormat {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const format = Object.hasOwn(FORMATS, type) ? FORMATS[type] : undefined;
  if (format === undefined) {
    throw lakeErrors.unsupported_media_type('send application/json, application/x-ndjson or text/csv');
  }
  for (const parameter of parameters) {
    const [name, value = ''] = parameter.split('=').map((part) => part.trim().replace(/^"(.*)"$/, '$1'));
    if (name === 'charset' && !['utf-8', 'utf8', 'us-ascii'].includes(value)) {
      throw lakeErrors.invalid_encoding('the body must be in UTF-8; Content-Type names another charset');
    }
    if (name === 'header' && value === 'absent') {
      throw lakeErrors.unsupported_media_type('a CSV body needs its header row');
    }
  }
  return format;
}
