import { createHmac, type KeyObject } from 'node:crypto';

/** Draws of one item, uniform in [0, 1) and independent of each other and of the audit lane's draw. */
export interface Lots {
  hide: number;
  second: number;
  gold: number;
  /** Chooses whose place in the queue an audit item takes. */
  place: number;
}

/**
 * Keyed draws (HMAC-SHA-256, RFC 2104): the same for the same decision however often the feed is read, and foreseen by
 * nobody without the workspace's key.
 */
export function drawLots(key: KeyObject, decision: string): Lots {
  const digest = createHmac('sha256', key).update(`review\n${decision}`).digest();
  const lot = (i: number) => digest.readUIntBE(6 * i, 6) / 2 ** 48;
  return { hide: lot(0), second: lot(1), gold: lot(2), place: lot(3) };
}
