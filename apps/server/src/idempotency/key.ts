import { httpErrors } from '../http/errors.ts';

const KEY = /^[\x20-\x7e]{1,255}$/;

/**
 * The value of an `Idempotency-Key` header: a structured-field string in quotes
 * (draft-ietf-httpapi-idempotency-key-header), or bare, as Stripe's clients send it.
 */
export function parseIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const raw = typeof header === 'string' ? header.trim() : '';
  const key =
    raw.length >= 2 && raw.startsWith('"') && raw.endsWith('"') ? raw.slice(1, -1).replaceAll('\\"', '"') : raw;
  if (!KEY.test(key)) throw httpErrors.invalid_idempotency_key('the header is empty, too long or not printable ASCII');
  return key;
}
