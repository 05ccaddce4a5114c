import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { webhookErrors } from './errors.ts';

/** Secrets as they are stored: sealed, the current one and the one before it while it still signs. */
export interface SealedSecrets {
  current: Uint8Array;
  previous: Uint8Array | null;
  /** Milliseconds since the epoch. */
  previousUntil: number | null;
}

const PREFIX = 'whsec_';
/** Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32;

/** `whsec_` and 32 random bytes in base64. */
export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/**
 * The `webhook-signature` header: one `v1,` signature a secret, separated by spaces (Standard Webhooks 1.0).
 *
 * @param timestamp seconds since the epoch
 */
export function signatures(secrets: readonly string[], id: string, timestamp: number, body: string): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}

/** The secrets that sign now, the current one first. */
export function signingSecrets(sealed: SealedSecrets, box: SecretBox, owner: string, now: number): string[] {
  const live = sealed.previous !== null && now < (sealed.previousUntil ?? 0) ? [sealed.previous] : [];
  return [sealed.current, ...live].map((one) => box.open(one, owner));
}

const PLAIN = 0;
const SEALED = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps secrets so that a copy of the database does not give them away: AES-256-GCM under a key that the database does
 * not have, bound to whose secret it is. Without a key they are stored as they are.
 */
export class SecretBox {
  readonly #key: Uint8Array | null;

  /** @param key 32 bytes, or null */
  constructor(key: Uint8Array | null) {
    if (key !== null && key.length !== 32) throw new RangeError('the key of a secret box has 32 bytes');
    this.#key = key;
  }

  /** @param owner whose it is: it opens under the same words only */
  seal(secret: string, owner: string): Uint8Array {
    if (this.#key === null) return Buffer.concat([Buffer.of(PLAIN), Buffer.from(secret)]);
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(owner));
    const bytes = Buffer.concat([cipher.update(secret), cipher.final()]);
    return Buffer.concat([Buffer.of(SEALED), iv, cipher.getAuthTag(), bytes]);
  }

  /** @throws `webhook_secret_unreadable` */
  open(stored: Uint8Array, owner: string): string {
    const bytes = Buffer.from(stored);
    if (bytes[0] === PLAIN) return bytes.subarray(1).toString();
    try {
      if (this.#key === null) throw new Error('no key');
      const iv = bytes.subarray(1, 1 + IV_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', this.#key, iv, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES));
      return decipher.update(bytes.subarray(1 + IV_BYTES + TAG_BYTES)).toString() + decipher.final().toString();
    } catch (error) {
      throw webhookErrors.webhook_secret_unreadable('The secret was stored under another key.', { cause: error });
    }
  }
}

/** Whose a sealed secret is. */
export const webhookOwner = (workspace: string, id: string): string => `${workspace}/${id}`;
export const callbackOwner = (workspace: string): string => `${workspace}/callbacks`;
