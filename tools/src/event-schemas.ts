import { eventDefinitions, eventTypes } from '@understudy/wire';

type Json = Record<string, unknown>;

/** A copy without `$id`, whose references point into `$defs`. Collects the names that it refers to. */
function portable(schema: unknown, used: Set<string>): unknown {
  if (Array.isArray(schema)) return schema.map((one) => portable(one, used));
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: Json = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$id') continue;
    if (key === '$ref' && typeof value === 'string') {
      used.add(value);
      out.$ref = `#/$defs/${value}`;
    } else out[key] = portable(value, used);
  }
  return out;
}

/** The JSON Schema (2020-12) of a whole event of one type, with everything that it refers to. */
function schemaOf(type: keyof typeof eventTypes): Json {
  const { when, subject, data } = eventTypes[type];
  const used = new Set<string>();
  const text = { type: 'string' };
  const body = {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: { ...text, description: 'The same however often the event is delivered.' },
      source: text,
      type: { const: type },
      subject: { ...text, description: `Id of ${subject}.` },
      time: { ...text, format: 'date-time' },
      datacontenttype: { const: 'application/json' },
      traceparent: { ...text, description: 'W3C trace context of what caused it.' },
      data: portable(data, used),
    },
  };
  const definitions: Json = {};
  for (const name of used) {
    const found = eventDefinitions[name as keyof typeof eventDefinitions];
    if (found === undefined) throw new Error(`the event ${type} refers to ${name}, which is no definition of events`);
    definitions[name] = portable(found, used);
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:understudy:event:${type}:1`,
    title: type,
    description: when,
    ...body,
    ...(used.size === 0 ? {} : { $defs: definitions }),
  };
}

/** `contracts/events/<type>.json` of every type. */
export function eventSchemas(): Record<string, string> {
  const types = Object.keys(eventTypes) as (keyof typeof eventTypes)[];
  return Object.fromEntries(
    types.map((type) => [`contracts/events/${type}.json`, `${JSON.stringify(schemaOf(type), null, 2)}\n`]),
  );
}

interface Shown {
  type?: string;
  const?: unknown;
  anyOf?: Shown[];
  $ref?: string;
  properties?: Record<string, Shown>;
  required?: string[];
  items?: Shown;
  description?: string;
  format?: string;
}

function typeOf(schema: Shown): string {
  if (schema.$ref !== undefined) return `[${schema.$ref}](#${schema.$ref.toLowerCase()})`;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`;
  if (schema.type === 'object' && schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(([name, field]) => `\`${name}\`: ${typeOf(field)}`);
    return `{${fields.join(', ')}}`;
  }
  return schema.format === 'date-time' ? 'time' : (schema.type ?? 'anything');
}

function table(schema: Shown): string {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const absent = required.has(name) ? '' : ' May be absent.';
    const meaning = `${field.description ?? ''}${absent}`.trim();
    return `| \`${name}\` | ${typeOf(field)} | ${meaning.replaceAll('|', '\\|')} |`;
  });
  return `| Field of \`data\` | Type | Meaning |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

/** `docs/reference/events.md`. */
export function eventPage(note: string): string {
  const sections = Object.entries(eventTypes).map(([type, { when, subject, data }]) => {
    const shown = data as Shown;
    const body =
      shown.$ref === undefined ? table(shown) : `\`data\` is a [${shown.$ref}](#${shown.$ref.toLowerCase()}).\n`;
    return `## ${type}\n\n${when} \`subject\`: ${subject}. Schema: [contracts/events/${type}.json](../../contracts/events/${type}.json)\n\n${body}`;
  });
  const definitions = Object.entries(eventDefinitions).map(
    ([name, schema]) => `## ${name}\n\n${table(schema as Shown).replace('Field of `data`', 'Field')}`,
  );
  return `${note}
# Events

What happens in a workspace is an event: a CloudEvent 1.0 in JSON. The same events, with the same ids, are read from
\`GET /v1/events\` (a page at a time, or as Server-Sent Events with \`Accept: text/event-stream\`) and delivered to webhooks.
Delivery is at least once: keep the \`id\`s that you have handled.

A type never changes its meaning and loses no field; new fields and new types may come, so pass over what you do not
know. What would break a reader gets another type. \`time\` is when it was written down; \`traceparent\` is the trace of
the request or message that caused it.

${sections.join('\n')}
${definitions.join('\n')}`;
}
