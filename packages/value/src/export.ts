import type { CommitRow } from '@understudy/ledger';
import type { ValuePorts } from './ports.ts';
import type { Report } from './report.ts';
import { DAY_MS } from './window.ts';

export const VALUE_EXPORT_FORMAT = 'understudy-value/1';

/**
 * Commits this much older than the window hold no decision of it: a decision is committed within seconds of the time that
 * its id carries, and the clocks of two machines may differ.
 */
export const EXPORT_MARGIN_MS = DAY_MS;

const COMMIT_PAGE = 500;
const ROWS_AT_ONCE = 2_000;

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

/**
 * A report with everything that it rests on, as NDJSON: a header, then each commit of the ledger up to the report's head
 * with the records of its rows as they were hashed. Of commits before the window only what the chain of heads needs.
 * No payload is in it: inputs, notes and subjects are personal, and no figure needs them.
 *
 * Rows of other tasks are in it too. Without their records nobody could tell whether a row of this one was left out.
 */
export async function* exportReport(
  { ledger, records }: Pick<ValuePorts, 'ledger' | 'records'>,
  report: Report,
  presented: unknown,
): AsyncGenerator<string> {
  const { workspace, window, evidence } = report;
  yield line({
    format: VALUE_EXPORT_FORMAT,
    workspace,
    ledger: { size: evidence.size, head: evidence.head },
    rows_from: new Date(window.from - EXPORT_MARGIN_MS).toISOString(),
    report: presented,
  });
  for (let from = 0; from < evidence.size; from += COMMIT_PAGE) {
    const commits = await ledger.commits(workspace, from, Math.min(evidence.size, from + COMMIT_PAGE));
    for (const group of groupsOf(commits)) {
      const needed = group.filter(({ committedAt }) => committedAt >= window.from - EXPORT_MARGIN_MS);
      const rows = needed.length === 0 ? [] : await records.ofCommits(workspace, needed);
      let at = 0;
      for (const commit of group) {
        const { seq, entries, committedAt } = commit;
        const before = committedAt < window.from - EXPORT_MARGIN_MS;
        while (at < rows.length && rows[at]!.commitSeq < seq) at++;
        const first = at;
        while (at < rows.length && rows[at]!.commitSeq === seq) at++;
        const root = commit.root.toString('hex');
        yield line({ commit: { seq, entries, committed_at_ms: committedAt, root, rows: before ? 0 : at - first } });
        for (const { leaf, record } of before ? [] : rows.slice(first, at)) {
          yield line({ leaf: leaf.toString('hex'), record });
        }
      }
    }
  }
}

/** Neighbouring commits with not too many rows together. */
function* groupsOf(commits: readonly CommitRow[]): Generator<CommitRow[]> {
  let group: CommitRow[] = [];
  let rows = 0;
  for (const commit of commits) {
    if (group.length > 0 && rows + commit.entries > ROWS_AT_ONCE) {
      yield group;
      group = [];
      rows = 0;
    }
    group.push(commit);
    rows += commit.entries;
  }
  if (group.length > 0) yield group;
}
