import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BODY_LENGTH = 43; // 62^43 > 2^256
const CODE_LENGTH = 27; // 62^27 > 2^160

const API_KEY = /^us_[0-9A-Za-z]{43}$/;
const SESSION = /^us_ses_[0-9A-Za-z]{43}$/;
const CODE = /^us_code_[0-9A-Za-z]{27}$/;
const OPERATOR_KEY = /^us_op_[A-Za-z0-9_-]{32,200}$/;

function randomBase62(bytes = 32, length = BODY_LENGTH): string {
  let rest = BigInt(`0x${randomBytes(bytes).toString('hex')}`);
  let text = '';
  for (let i = 0; i < length; i++) {
    text = DIGITS[Number(rest % 62n)] + text;
    rest /= 62n;
  }
  return text;
}

/** A new API key: `us_` and 256 random bits in base62, so that a double click selects all of it. */
export function newApiKeySecret(): string {
  return `us_${randomBase62()}`;
}

/** A new operator key: `us_op_` and 256 random bits. */
export function newOperatorSecret(): string {
  return `us_op_${randomBase62()}`;
}

/** What a session's cookie holds: 256 random bits. */
export function newSessionSecret(): string {
  return `us_ses_${randomBase62()}`;
}

/** A one-time code: 160 random bits, for a quarter of an hour. */
export function newSignInCode(): string {
  return `us_code_${randomBase62(20, CODE_LENGTH)}`;
}

export function looksLikeSession(token: string): boolean {
  return token.length === BODY_LENGTH + 7 && SESSION.test(token);
}

export function looksLikeSignInCode(token: string): boolean {
  return token.length === CODE_LENGTH + 8 && CODE.test(token);
}

/**
 * The token that requests of a session prove with that they come from its page. Derived from the session's secret,
 * so that nothing more is stored, and whoever reads the database knows neither.
 */
export function csrfTokenOf(sessionSecret: string): string {
  return createHmac('sha256', sessionSecret).update('csrf').digest('base64url');
}

/** True when `token` could be an API key at all; anything else is refused without asking the database. */
export function looksLikeApiKey(token: string): boolean {
  return token.length === BODY_LENGTH + 3 && API_KEY.test(token);
}

/** True when `token` has the form of an operator key. */
export function looksLikeOperatorKey(token: string): boolean {
  return token.length <= 206 && OPERATOR_KEY.test(token);
}

/**
 * SHA-256 of a secret, which is all that is stored. A slow password hash would add nothing: nobody guesses 256
 * random bits.
 */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** Compares two hashes in a time that does not depend on where they differ. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The part of an API key that may be shown: enough to tell keys apart, 24 of its 256 bits. */
export function hintOf(secret: string): string {
  return `${secret.slice(0, 7)}…`;
}

/** Replaces whatever looks like a key in a text; the last guard of what is written down for good. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(/us_(?:op_)?[A-Za-z0-9_-]{32,}/g, 'us_…');
}
