import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { Readable } from 'node:stream';

export interface Call {
  /** Sent as it stands: no normalising of `//`, `..` or `%2F`. */
  path: string;
  method?: string;
  /** Sent as `Authorization: Bearer …`. */
  key?: string;
  headers?: Readonly<Record<string, string>>;
  /** An object becomes JSON; bytes, text and streams go as they are. */
  body?: unknown;
  agent?: Agent;
  timeoutMs?: number;
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  /** The parsed body; undefined when it is not JSON. */
  json: any;
  milliseconds: number;
}

const shared = new Agent({ keepAlive: true, maxSockets: 64 });

function payloadOf(body: unknown): { payload: string | Buffer | Readable | undefined; json: boolean } {
  if (body === undefined) return { payload: undefined, json: false };
  if (typeof body === 'string' || Buffer.isBuffer(body) || body instanceof Readable) {
    return { payload: body, json: typeof body === 'string' };
  }
  return { payload: JSON.stringify(body), json: true };
}

/** One HTTP request over `node:http`, which sends what it is told. Rejects when the connection fails. */
export function send(base: string, call: Call): Promise<Reply> {
  const { hostname, port } = new URL(base);
  const { payload, json } = payloadOf(call.body);
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: hostname,
        port,
        method: call.method ?? 'GET',
        path: call.path,
        agent: call.agent ?? shared,
        headers: {
          ...(call.key === undefined ? {} : { Authorization: `Bearer ${call.key}` }),
          ...(json ? { 'Content-Type': 'application/json' } : {}),
          ...(typeof payload === 'string' || Buffer.isBuffer(payload)
            ? { 'Content-Length': String(Buffer.byteLength(payload)) }
            : {}),
          ...call.headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString('utf8');
          resolve({
            status: incoming.statusCode!,
            headers: incoming.headers,
            bytes,
            text,
            json: parse(text),
            milliseconds: performance.now() - startedAt,
          });
        });
      },
    );
    outgoing.setTimeout(call.timeoutMs ?? 60_000, () =>
      outgoing.destroy(new Error(`no answer to ${call.method ?? 'GET'} ${call.path}`)),
    );
    outgoing.on('error', reject);
    if (payload instanceof Readable) payload.on('error', (error) => outgoing.destroy(error)).pipe(outgoing);
    else outgoing.end(payload);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
