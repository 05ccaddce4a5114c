import * as wire from '@understudy/wire';
import { Ajv, type Options, type ValidateFunction } from 'ajv';
import type { FastifyInstance } from 'fastify';

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** RFC 3339, and a day that exists: `Date` takes 30 February for 1 March. */
function isDateTime(value: string): boolean {
  const day = DATE_TIME.exec(value)?.[1];
  if (day === undefined || Number.isNaN(Date.parse(value))) return false;
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

const options: Options = {
  allErrors: true,
  removeAdditional: false,
  useDefaults: true,
  strict: true,
  strictTypes: false,
  formats: { 'date-time': isDateTime },
  // JSON Schema 2020-12, which OpenAPI 3.1 speaks; Ajv’s default dialect knows it as `dependencies`.
  keywords: [{ keyword: 'dependentRequired', macro: (dependencies: object) => ({ dependencies }) }],
};

/** The named schemas of packages/wire, which routes refer to. */
export const namedSchemas = Object.values(wire).filter(
  (schema): schema is typeof schema & { $id: string } =>
    typeof schema === 'object' && schema !== null && '$id' in schema,
);

/**
 * Validation of every part of a request. A body is taken as it is typed: `"1"` is no number. Paths, queries and
 * headers are text by nature, so theirs is read as the schema’s type.
 */
export function validateRequests(app: FastifyInstance): void {
  const typed = new Ajv({ ...options, coerceTypes: false });
  const textual = new Ajv({ ...options, coerceTypes: true });
  for (const schema of namedSchemas) {
    typed.addSchema(schema);
    textual.addSchema(schema);
  }
  const compiled = new WeakMap<object, ValidateFunction>();
  app.setValidatorCompiler<object>(({ schema, httpPart }) => {
    let validate = compiled.get(schema);
    if (validate === undefined) {
      const named = '$id' in schema && typeof schema.$id === 'string' ? typed.getSchema(schema.$id) : undefined;
      if (httpPart === 'body') validate = named ?? typed.compile(schema);
      else validate = finite(textual.compile(schema));
      compiled.set(schema, validate);
    }
    return validate;
  });
}

/**
 * Ajv reads `Infinity` and `1e999` as numbers, and then passes over their bounds. Paths, queries and headers are flat,
 * so that a look at each value is enough.
 */
function finite(validate: ValidateFunction): ValidateFunction {
  const checked = ((data: unknown) => {
    const valid = validate(data);
    checked.errors = validate.errors ?? null;
    if (valid !== true) return valid;
    for (const [name, value] of Object.entries(data as object)) {
      if (typeof value !== 'number' || Number.isFinite(value)) continue;
      const instancePath = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const params = { type: 'number' };
      checked.errors = [{ instancePath, params, keyword: 'type', schemaPath: '#', message: 'must be a finite number' }];
      return false;
    }
    return true;
  }) as ValidateFunction;
  return checked;
}
