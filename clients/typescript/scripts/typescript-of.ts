/** The part of JSON Schema 2020-12 that the OpenAPI document uses. Anything else is refused, never guessed. */
export interface Schema {
  $ref?: string;
  $id?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  description?: string;
}

const NAME = /^[A-Za-z_$][\w$]*$/;

const nameOf = (ref: string): string => {
  const name = ref.split('/').at(-1) ?? '';
  if (!NAME.test(name)) throw new Error(`$ref ${ref} does not end in a type name`);
  return name;
};

/** Text inside a doc comment must not end the comment. */
const comment = (text: string | undefined, indent: string): string =>
  text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '*\\/').replaceAll(/\s*\n\s*/g, ' ')} */\n`;

function objectType(schema: Schema, indent: string): string {
  const inner = `${indent}  `;
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const key = NAME.test(name) ? name : JSON.stringify(name);
    return `${comment(field.description, inner)}${inner}${key}${required.has(name) ? '' : '?'}: ${typeOf(field, inner)};\n`;
  });
  const rest = schema.additionalProperties;
  const values = [
    ...Object.values(schema.patternProperties ?? {}),
    ...(typeof rest === 'object' ? [rest] : []),
    ...(rest === true || (fields.length === 0 && rest === undefined && schema.patternProperties === undefined)
      ? [{}]
      : []),
  ];
  if (values.length > 0 && fields.length === 0) {
    return `{ [key: string]: ${values.map((value) => typeOf(value, inner)).join(' | ')} }`;
  }
  if (values.length > 0) fields.push(`${inner}[key: string]: unknown;\n`);
  return fields.length === 0 ? 'Record<string, never>' : `{\n${fields.join('')}${indent}}`;
}

function plainType(type: string, schema: Schema, indent: string): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array': {
      const item = typeOf(schema.items ?? {}, indent);
      return /[|&]/.test(item.replaceAll(/\{[\s\S]*\}/g, '')) ? `(${item})[]` : `${item}[]`;
    }
    case 'object':
      return objectType(schema, indent);
    default:
      throw new Error(`JSON Schema type ${type} is not known to the generator`);
  }
}

/** One schema as a TypeScript type expression; `indent` is that of the line it stands on. */
export function typeOf(schema: Schema, indent = ''): string {
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) return [...new Set(union.map((branch) => typeOf(branch, indent)))].join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map((part) => typeOf(part, indent)).join(' & ');
  if (schema.type === undefined) return schema.properties === undefined ? 'unknown' : objectType(schema, indent);
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.map((type) => plainType(type, schema, indent)).join(' | ');
}

/** A named, exported type. */
export function declare(name: string, schema: Schema): string {
  return `${comment(schema.description, '')}export type ${name} = ${typeOf(schema)};\n`;
}
