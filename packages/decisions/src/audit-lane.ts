import { createHmac, type KeyObject } from 'node:crypto';
import type { Task } from './task.ts';

/**
 * With which probability an automated decision is checked by a person, as recorded in its ledger row. It follows from
 * the task and from where the score stands above the threshold; nothing that is learned after the answer enters.
 */
export function auditProbability(task: Task, score: number, threshold: number): number {
  const { rate, near_threshold_rate: near } = task.definition.audit;
  return near !== undefined && score < (1 + threshold) / 2 ? near : rate;
}

/** The least probability that an automated decision of the task can have: the bound of every weighted figure. */
export function leastAuditProbability(task: Task): number {
  const { rate, near_threshold_rate: near } = task.definition.audit;
  return near === undefined ? rate : Math.min(rate, near);
}

/**
 * Whether a decision was drawn: a keyed hash of its id, so that nobody without the key can tell which decisions are
 * checked, and everybody with it can check the draw again (HMAC-SHA-256, RFC 2104; its first 48 bits as a fraction).
 */
export function isDrawn(key: KeyObject, decision: string, probability: number): boolean {
  return probability > 0 && fractionOf(key, decision) < probability;
}

/** Several consumers of one piece of the ledger ask for the same draws. */
const recent = new WeakMap<KeyObject, Map<string, number>>();
const RECENT = 4_096;

function fractionOf(key: KeyObject, decision: string): number {
  let fractions = recent.get(key);
  if (fractions === undefined || fractions.size >= RECENT) {
    fractions = new Map();
    recent.set(key, fractions);
  }
  let fraction = fractions.get(decision);
  if (fraction === undefined) {
    fraction = createHmac('sha256', key).update(decision).digest().readUIntBE(0, 6) / 2 ** 48;
    fractions.set(decision, fraction);
  }
  return fraction;
}
