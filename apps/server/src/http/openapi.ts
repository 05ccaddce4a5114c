import { PROTOBUF } from '@understudy/decisions/http';
import type { FastifyInstance } from 'fastify';
import { codeVersion } from '../version.ts';
import { type RouteFact, routeFacts } from './policies.ts';
import { namedSchemas } from './validation.ts';

const PROTOBUF_IS = 'A message of `/understudy.proto`, which says which one.';

type Json = Record<string, unknown>;

const names = new Set(namedSchemas.map((schema) => schema.$id));

/** A copy of a schema as OpenAPI 3.1 takes it: references point into components, `$id` is gone. */
function portable(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(portable);
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: Json = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$id') continue;
    if (key === '$ref' && typeof value === 'string') {
      const name = value.replace(/#$/, '');
      if (!names.has(name)) throw new Error(`a schema refers to ${value}, which packages/wire does not export`);
      out.$ref = `#/components/schemas/${name}`;
    } else out[key] = portable(value);
  }
  return out;
}

function parameters(place: 'path' | 'query' | 'header', schema: unknown): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: portable(property),
  }));
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key and body replay the first response for 24 h.',
  schema: { type: 'string', maxLength: 255 },
};

/** Bodies in other forms than JSON, which no JSON Schema describes. */
const others = (types: readonly string[]): Json =>
  Object.fromEntries(
    types.map((type) => [
      type,
      type === PROTOBUF ? { schema: { description: PROTOBUF_IS } } : { schema: { type: 'string' } },
    ]),
  );

function responses(fact: RouteFact): Json {
  const out: Json = {};
  const { response = {}, produces = [] } = fact.schema as { response?: Record<string, Json>; produces?: string[] };
  for (const [status, schema] of Object.entries(response)) {
    const empty = status === '204' || schema.type === 'null';
    out[status] = {
      description: typeof schema.description === 'string' ? schema.description : 'Success',
      ...(empty ? {} : { content: { 'application/json': { schema: portable(schema) } } }),
    };
  }
  if (produces.length > 0) {
    const declared = (out['200'] ?? { description: 'Success' }) as { content?: Json };
    out['200'] = { ...declared, content: { ...declared.content, ...others(produces) } };
  }
  if (Object.keys(out).length === 0) out['200'] = { description: 'Success' };
  out.default = {
    description: 'A problem (RFC 9457)',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return out;
}

function operation(fact: RouteFact): Json {
  const { summary, description, body, params, querystring, consumes = [] } = fact.schema;
  const { policy } = fact;
  return {
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    operationId: `${fact.method.toLowerCase()}${fact.url.replace(/[^a-zA-Z0-9]+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? '')}`,
    security:
      policy.kind === 'public' ? [] : policy.kind === 'operator' ? [{ bearer: [] }] : [{ bearer: [] }, { session: [] }],
    'x-policy': policy.kind === 'scope' ? policy.scope : policy.kind,
    parameters: [
      ...parameters('path', params),
      ...parameters('query', querystring),
      ...(fact.idempotency === undefined ? [] : [IDEMPOTENCY_KEY]),
    ],
    ...(body === undefined && consumes.length === 0
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              ...(body === undefined ? {} : { 'application/json': { schema: portable(body) } }),
              ...others(consumes),
            },
          },
        }),
    responses: responses(fact),
  };
}

/** Doors in other services' shapes: OpenAI describes the one, the workspace's predict routes the other. */
const FOREIGN = /^\/(openai|compat)\//;

/** The OpenAPI 3.1 document of all routes of our own, from the schemas that validate them. */
export function openApiDocument(app: FastifyInstance): Json {
  const paths: Record<string, Json> = {};
  const facts = routeFacts(app).filter(
    ({ method, url }) => method !== 'HEAD' && method !== 'OPTIONS' && !FOREIGN.test(url),
  );
  for (const fact of [...facts].sort((a, b) => (a.url < b.url ? -1 : a.url > b.url ? 1 : 0))) {
    const path = fact.url.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][fact.method.toLowerCase()] = operation(fact);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Understudy',
      version: codeVersion,
      description: 'Repetitive decisions, taken over only as far as it can be proved.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: Object.fromEntries(
        [...namedSchemas].sort((a, b) => (a.$id < b.$id ? -1 : 1)).map((schema) => [schema.$id, portable(schema)]),
      ),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'understudy_session',
          description:
            'Of a browser: see `POST /v1/session`. Requests that change something need `X-CSRF-Token` too. Over https the name begins with `__Host-`.',
        },
      },
    },
  };
}
