import { type Static, type TProperties, type TSchema, Type } from 'typebox';

/** A closed object: unknown fields are an error, never ignored. */
export function Body<P extends TProperties>(properties: P, options: { $id?: string; description?: string } = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/**
 * An object of values under names that the caller chose: at most `most` (100), each name of 1 to `longest` (200)
 * characters. The schema of a record's key says its type only: what else it says is not checked.
 */
export function Named<V extends TSchema>(
  value: V,
  { most = 100, longest = 200, ...options }: { most?: number; longest?: number; description?: string } = {},
) {
  const propertyNames = { type: 'string', minLength: 1, maxLength: longest };
  return Type.Record(Type.String(), value, { maxProperties: most, propertyNames, ...options });
}

export const Slug = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,62}$',
  description: 'Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.',
});

export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' });

export const Money = Type.String({
  pattern: '^\\d{1,12}(\\.\\d{1,9})?$',
  description: 'A decimal string; its currency stands beside it.',
});

export const Cursor = Type.String({ maxLength: 512, description: 'Opaque; from `next_cursor`.' });

export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Type.Optional(Cursor),
};

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    request_id: Type.String(),
    errors: Type.Optional(
      Type.Array(Type.Object({ pointer: Type.String(), code: Type.String(), detail: Type.String() })),
    ),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details.' },
);
export type Problem = Static<typeof Problem>;
