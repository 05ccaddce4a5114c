import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { type Clock, newId } from '@understudy/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { httpErrors } from '../http/errors.ts';
import { parseIdempotencyKey } from './key.ts';

/** A first response at rest. `body` is sealed with a key derived from the Idempotency-Key, of which only a hash is kept. */
export interface StoredResponse {
  requestHash: Buffer;
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export type Claim = { state: 'claimed' } | { state: 'in_flight' } | { state: 'done'; response: StoredResponse };

export interface IdempotencyStore {
  /** Claims a key for one request. A claim whose owner vanished (its lease ran out) can be claimed again. */
  claim(workspace: string, keyHash: Buffer, owner: string, leaseMs: number): Promise<Claim>;
  renew(workspace: string, keyHash: Buffer, owner: string, leaseMs: number): Promise<void>;
  complete(workspace: string, keyHash: Buffer, owner: string, response: StoredResponse): Promise<void>;
  /** The request failed in a way that may be tried again: the key is free. */
  release(workspace: string, keyHash: Buffer, owner: string): Promise<void>;
}

const LEASE_MS = 30_000;
const KEPT_HEADERS = ['location', 'etag', 'content-type'];

interface Held {
  workspace: string;
  key: string;
  keyHash: Buffer;
  owner: string;
  requestHash: () => Buffer;
  heart: NodeJS.Timeout;
}

declare module 'fastify' {
  interface FastifyRequest {
    heldKey: Held | null;
  }
}

const hash = (...parts: (string | Buffer)[]): Buffer => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part).update('\n');
  return digest.digest();
};

/** AES-256-GCM under HKDF(Idempotency-Key): a response may hold a secret that the database must not know. */
export function seal(key: string, body: string): Buffer {
  const salt = randomBytes(16);
  const secret = Buffer.from(hkdfSync('sha256', key, salt, 'understudy idempotent response', 44));
  const cipher = createCipheriv('aes-256-gcm', secret.subarray(0, 32), secret.subarray(32));
  return Buffer.concat([salt, cipher.update(body, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

export function unseal(key: string, sealed: Buffer): string {
  const secret = Buffer.from(hkdfSync('sha256', key, sealed.subarray(0, 16), 'understudy idempotent response', 44));
  const decipher = createDecipheriv('aes-256-gcm', secret.subarray(0, 32), secret.subarray(32));
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  return Buffer.concat([decipher.update(sealed.subarray(16, sealed.length - 16)), decipher.final()]).toString('utf8');
}

/**
 * `Idempotency-Key` on routes that state `idempotency: 'stored'`: the first response is kept for 24 h and replayed.
 * A streamed body is hashed while it passes.
 */
export function storeResponses(app: FastifyInstance, ports: { store: IdempotencyStore; clock: Clock }): void {
  const { store, clock } = ports;
  app.decorateRequest('heldKey', null);

  const target = (request: FastifyRequest) => `${request.method} ${request.url}`;

  /** Passes a streamed body on and hashes it on its way. */
  const hashPassing = (request: FastifyRequest): (() => Buffer) => {
    const digest = createHash('sha256').update(`${target(request)}\n`);
    if (!(request.body instanceof Readable)) return () => digest.digest();
    const source = request.body;
    const tapped = new PassThrough({
      transform(chunk: Buffer, _encoding, done) {
        digest.update(chunk);
        done(null, chunk);
      },
    });
    source.on('error', (error) => tapped.destroy(error));
    source.pipe(tapped);
    request.body = tapped;
    let value: Buffer | undefined;
    return () => {
      value ??= digest.digest();
      return value;
    };
  };

  const drain = async (request: FastifyRequest): Promise<void> => {
    if (request.body instanceof Readable) for await (const _ of request.body);
  };

  const claimKey = async (request: FastifyRequest, reply: FastifyReply) => {
    const key = parseIdempotencyKey(request.headers['idempotency-key']);
    if (key === undefined) return;
    const { workspace, id } = request.principal;
    const scope = workspace === '' ? id : workspace;
    const keyHash = hash('response', scope, key);
    const streamed = request.routeOptions.config.streamed === true;
    const fixed = streamed ? null : hash(target(request), request.bodyHash ?? Buffer.alloc(0));
    const requestHash = fixed === null ? hashPassing(request) : () => fixed;
    const owner = newId('claim', clock.now());
    const claim = await store.claim(scope, keyHash, owner, LEASE_MS);
    if (claim.state === 'in_flight') {
      throw httpErrors.idempotency_key_in_flight('the first request with this key has not finished', {
        retryAfterSeconds: 1,
      });
    }
    if (claim.state === 'done') {
      if (streamed) await drain(request);
      if (!requestHash().equals(claim.response.requestHash)) {
        throw httpErrors.idempotency_key_reused('this key came with another request before');
      }
      replay(reply, key, claim.response);
      return reply;
    }
    const heart = setInterval(() => {
      store.renew(scope, keyHash, owner, LEASE_MS).catch((error: unknown) => {
        request.log.warn({ err: error }, 'could not renew the claim of an Idempotency-Key');
      });
    }, LEASE_MS / 3);
    request.heldKey = { workspace: scope, key, keyHash, owner, requestHash, heart };
  };

  const keepResponse = async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const held = request.heldKey;
    if (held === null) return payload;
    request.heldKey = null;
    clearInterval(held.heart);
    // Only what says something final about the request is kept; a 5xx or a 429 may be tried again with the same key.
    if (reply.statusCode >= 500 || reply.statusCode === 429 || (typeof payload !== 'string' && payload != null)) {
      await store.release(held.workspace, held.keyHash, held.owner);
      return payload;
    }
    const headers: Record<string, string> = {};
    for (const name of KEPT_HEADERS) {
      const value = reply.getHeader(name);
      if (typeof value === 'string') headers[name] = value;
    }
    await store.complete(held.workspace, held.keyHash, held.owner, {
      requestHash: held.requestHash(),
      status: reply.statusCode,
      headers,
      body: seal(held.key, typeof payload === 'string' ? payload : ''),
    });
    return payload;
  };

  // Only the routes that store a response pay for it: an asynchronous hook costs every request that passes it.
  app.addHook('onRoute', (route) => {
    if (route.config?.idempotency !== 'stored') return;
    route.preHandler = [claimKey, ...[route.preHandler ?? []].flat()];
    route.onSend = [...[route.onSend ?? []].flat(), keepResponse];
  });
}

function replay(reply: FastifyReply, key: string, response: StoredResponse): void {
  for (const [name, value] of Object.entries(response.headers)) reply.header(name, value);
  reply.header('Idempotency-Replayed', 'true').code(response.status).send(unseal(key, response.body));
}
