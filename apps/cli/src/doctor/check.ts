/** What one check found. `skip`: there was nothing to check, and the detail says why. */
export interface Finding {
  name: string;
  status: 'ok' | 'warn' | 'fail' | 'skip';
  detail: string;
  /** What to do about it; with `warn` and `fail`. */
  mend?: string;
}

type Verdict = Omit<Finding, 'name'>;

export interface Check {
  name: string;
  run(): Promise<Verdict> | Verdict;
}

export const ok = (detail: string): Verdict => ({ status: 'ok', detail });
export const skip = (detail: string): Verdict => ({ status: 'skip', detail });
export const warn = (detail: string, mend: string): Verdict => ({ status: 'warn', detail, mend });
export const fail = (detail: string, mend: string): Verdict => ({ status: 'fail', detail, mend });

/** Runs a check; one that breaks is a failed one, not the end of the doctor. */
export async function runCheck({ name, run }: Check): Promise<Finding> {
  try {
    return { name, ...(await run()) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { name, status: 'fail', detail, mend: 'this should not happen: please report it with the output of --json' };
  }
}
