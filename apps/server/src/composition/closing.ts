import type { Logger } from '@understudy/kernel';

/** One thing that has to be stopped. */
export interface ClosingStep {
  name: string;
  run(): Promise<unknown>;
  /** Milliseconds that it may take whatever the others took; absent = its share of the common time. */
  limitMs?: number;
}

/** One step that hangs leaves time for the others. */
const STEP_MS = 4_000;
/** When the common time is used up, the rest still gets this much each. */
const LEAST_MS = 250;

/**
 * Stops things one after the other. What fails or hangs does not keep the others from stopping: it is written down and
 * left behind. All steps without a limit of their own take `commonMs` together, and at most 4 s each.
 *
 * @throws the first failure, after everything was tried; a step that hung is one.
 */
export async function closeInOrder(steps: readonly ClosingStep[], logger: Logger, commonMs: number): Promise<void> {
  const failures: unknown[] = [];
  let left = commonMs;
  for (const { name, run, limitMs } of steps) {
    const startedAt = performance.now();
    const limit = limitMs ?? Math.max(LEAST_MS, Math.min(STEP_MS, left));
    await within(limit, name, run).catch((error: unknown) => {
      logger.error({ err: error, step: name }, 'did not stop cleanly; left behind');
      failures.push(error);
    });
    if (limitMs === undefined) left -= performance.now() - startedAt;
  }
  if (failures.length > 0) throw failures[0];
}

async function within(limitMs: number, name: string, run: () => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} did not stop within ${Math.round(limitMs)} ms`)), limitMs);
  });
  try {
    await Promise.race([run(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
