import { send } from './http-call.ts';

/** One operation of the OpenAPI document. */
export interface Operation {
  method: string;
  /** With `{parameters}`. */
  template: string;
  /** `public`, `operator`, `authenticated`, or the scope. */
  policy: string;
  pathParameters: string[];
  queryParameters: string[];
  takesBody: boolean;
}

/** Every operation that the server says it has. */
export async function operationsOf(base: string): Promise<Operation[]> {
  const { json } = await send(base, { path: '/openapi.json' });
  const operations = Object.entries<Record<string, any>>(json.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const named = (place: string): string[] =>
        (operation.parameters ?? [])
          .filter((parameter: { in: string }) => parameter.in === place)
          .map(({ name }: { name: string }) => name);
      return {
        method: method.toUpperCase(),
        template,
        policy: String(operation['x-policy']),
        pathParameters: named('path'),
        queryParameters: named('query'),
        takesBody: operation.requestBody !== undefined,
      };
    }),
  );
  if (operations.length < 30) throw new Error(`only ${operations.length} operations: the document is not read rightly`);
  return operations;
}

/** The path of an operation with these values, each encoded as one segment. */
export function pathOf(operation: Operation, values: Readonly<Record<string, string>>): string {
  return operation.template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${operation.template}: no value for ${name}`);
    return encodeURIComponent(value);
  });
}

/** A body that passes the schema of an operation, so that the answer is about what it points to and not about it. */
export function bodyOf({ method, template }: Operation): unknown {
  if (method === 'PUT' && template === '/v1/tasks/{task}') {
    return { kind: 'text_classification', labels: [{ name: 'a' }, { name: 'b' }] };
  }
  if (template.endsWith('/aliases/{alias}')) return { version: '1' };
  if (template.endsWith('/labels')) return { label: 'billing', source: 'application' };
  if (template === '/v1/keys') return { name: 'made by a test', scopes: ['tasks:read'] };
  if (template === '/v1/members') return { name: 'made by a test', role: 'viewer' };
  if (template === '/v1/session') return { code: 'made by a test' };
  if (template === '/v1/session/switch') return { workspace: 'ws_01h00000000000000000000000' };
  if (template === '/v1/members/{id}' && method === 'PATCH') return { role: 'lead' };
  if (template === '/v1/webhooks') return { url: 'https://hooks.example.com/', events: ['*'] };
  if (template === '/v1/webhooks/{id}' && method === 'PATCH') return { description: null };
  if (template.endsWith('/verdict')) return { claim_token: 'made by a test', label: 'billing' };
  if (template.startsWith('/v1/review/items/')) return { claim_token: 'made by a test' };
  if (template === '/v1/review/claims') return {};
  if (template === '/v1/review/gold') return { decision: 'dec_01h00000000000000000000000', label: 'billing' };
  if (template.endsWith('/replays')) return {};
  if (template.endsWith('/acknowledge')) return {};
  if (template === '/v1/jobs') return { task: 'inquiries', input: { text: 'x' } };
  if (template === '/v1/dead-letters/replay') return { ids: ['dlt_01h00000000000000000000000'] };
  if (template.endsWith('/discard')) return {};
  if (template.endsWith('/quota')) return { requests_per_minute: null };
  if (template === '/v1/openai-settings') return { default_moderation_task: null, moderation: [] };
  if (template === '/v1/predict-routes/{route}' && method === 'PUT') {
    return { task: 'inquiries', request: { text: '$.text' }, response: '{{$.label}}', review: { response: null } };
  }
  if (template === '/v1/workspaces') return { name: 'made by a test' };
  if (template.endsWith('/batch')) return { items: [{ input: { text: 'x' } }] };
  if (template === '/v1/predict/{task}') return { input: { text: 'x' } };
  if (template.endsWith('/examples')) return { examples: [{ input: { text: 'x' }, label: 'billing' }] };
  if (template.endsWith('/training-runs')) return {};
  return undefined;
}
