import type { LedgerStorage } from '../ports.ts';
import type { TrustedHead, VerificationReport } from './damage.ts';
import { LogVerifier } from './log-verifier.ts';
import { walkLedger } from './walk.ts';

export interface VerifyOptions {
  /** Called about every thousand entries. */
  progress?(done: number, total: number): void;
  /** A head kept outside: nothing inside the database can show that its newest commits were all cut off. */
  trusted?: TrustedHead;
  /** Aborts with its reason. */
  signal?: AbortSignal;
}

const PROGRESS_ENTRIES = 1_000;

/**
 * Recomputes a workspace's ledger from its rows: every payload and record hash, every column that repeats a record,
 * each commit's root, the log (RFC 6962) and its head. Reports what is wrong in the order of the log; never throws
 * because of damage. Constant memory, any number of rows, while the ledger is being written to.
 */
export async function verifyLedger(
  storage: LedgerStorage,
  workspace: string,
  options: VerifyOptions = {},
): Promise<VerificationReport> {
  const head = await storage.head(workspace);
  const verifier = new LogVerifier(workspace, head, options.trusted);
  const walk = walkLedger(storage, workspace, head);
  let reported = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const step = await walk.next();
    if (step.done) {
      const { below } = await storage.countRows(workspace, head.size);
      verifier.takeUnreachable(below - step.value.seen);
      break;
    }
    verifier.take(step.value);
    if (verifier.entries >= reported + PROGRESS_ENTRIES) {
      reported = verifier.entries;
      options.progress?.(reported, head.entries);
    }
  }
  options.progress?.(verifier.entries, head.entries);
  return verifier.finish();
}
