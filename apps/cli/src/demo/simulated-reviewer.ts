import { setTimeout as pause } from 'node:timers/promises';
import { type ReviewClaim, type UnderstudyClient, UnderstudyError } from '@understudy/client';

export interface ReviewerOptions {
  /** With a key that may review and nothing else. */
  client: UnderstudyClient;
  /** By task and by the text of the item. */
  truth: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Items a task that are left waiting, for whoever wants to try it. */
  leave: number;
  signal: AbortSignal;
  answered(task: string): void;
}

/** Colleagues at work at once, an item each: more than wait are never needed. */
const MOST_AT_ONCE = 600;
const LOOK_EVERY_MS = 500;
const HAND_BACK_MS = 2_000;

/**
 * The demo's reviewers: as many colleagues as there is work for, who read what any reviewer is shown, know the truth
 * that was held apart, and take the time that a careful person would. That time really passes, so that what reviewing
 * costs is measured here as everywhere.
 */
export async function reviewLikePeople(options: ReviewerOptions): Promise<void> {
  const { client, leave } = options;
  const atWork = new Set<Promise<void>>();
  /** The first failure of one ends the work of all. */
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  try {
    for (;;) {
      const { data: queues } = await client.review.queues({}, { signal });
      for (const { task, depth, claimed } of queues) {
        const truth = options.truth.get(task);
        // What somebody holds is not there for a newcomer.
        const limit = Math.min(50, depth - claimed - leave, MOST_AT_ONCE - atWork.size);
        if (truth === undefined || limit <= 0) continue;
        const { claims } = await client.review.claim({ task, limit }, { signal });
        for (const claim of claims) {
          const answering: Promise<void> = answer(claim, truth, { ...options, signal })
            .catch((error: unknown) => ending.abort(error))
            .finally(() => atWork.delete(answering));
          atWork.add(answering);
        }
      }
      await pause(LOOK_EVERY_MS, undefined, { signal });
    }
  } catch (error) {
    throw ending.signal.aborted ? ending.signal.reason : error;
  } finally {
    ending.abort();
    await Promise.all(atWork);
  }
}

async function answer(claim: ReviewClaim, truth: ReadonlyMap<string, string>, options: ReviewerOptions): Promise<void> {
  const { client, signal } = options;
  const { text } = claim.decision.input as { text: string };
  const label = truth.get(text);
  try {
    if (label === undefined) {
      // Somebody else's item: not theirs to judge.
      await client.review.skip(claim.item, { claim_token: claim.claim_token }, { signal });
      return;
    }
    const seconds = readingSeconds(text);
    await pause(1000 * seconds, undefined, { signal });
    await client.review.verdict(claim.item, { claim_token: claim.claim_token, label, seconds }, { signal });
    options.answered(claim.task);
  } catch (error) {
    if (signal.aborted) {
      // Handed back, not held until its lease ends: a key may be gone meanwhile, a server, too.
      await client.review
        .release(claim.item, { claim_token: claim.claim_token }, { signal: AbortSignal.timeout(HAND_BACK_MS) })
        .catch(() => {});
      return;
    }
    // It was answered or taken meanwhile: there are more.
    if (!(error instanceof UnderstudyError) || error.status >= 500 || error.status === 401) throw error;
  }
}

/** Reading and deciding, in seconds: the same for the same text, so that the demo is the same for everybody. */
export function readingSeconds(text: string): number {
  const words = text.split(/\s+/).length;
  let spread = 0;
  for (let i = 0; i < text.length; i++) spread = (spread * 31 + text.charCodeAt(i)) % 1000;
  return Math.round(10 * (2 + words / 4 + (4 * spread) / 1000)) / 10;
}
