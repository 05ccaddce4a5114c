import { idTime } from '@understudy/kernel';
import type { EntryKind } from '../entry.ts';
import type { CommitRow, LedgerStorage, StoredEntry } from '../ports.ts';
import type { DecisionSpan, RecordReader, RecordRow, Verdict } from '../record-reader.ts';

/** Reads records through any ledger storage, by looking at everything: for tests of other rooms. */
export class ScanningRecordReader implements RecordReader {
  readonly #storage: LedgerStorage;

  constructor(storage: LedgerStorage) {
    this.#storage = storage;
  }

  async firstDecision(workspace: string, { task }: { task?: string }): Promise<number | null> {
    const rows = await this.#all(workspace, 'decision');
    const first = rows.find((row) => task === undefined || row.task === task);
    return first === undefined ? null : idTime(first.id);
  }

  async ofCommits(workspace: string, commits: readonly CommitRow[]): Promise<RecordRow[]> {
    const rows: StoredEntry[] = [];
    for (const commit of commits) rows.push(...(await this.#storage.entriesOf(workspace, commit)));
    return rows.map(({ id, kind, commitSeq, position, leaf, record }) => ({
      id,
      kind,
      commitSeq,
      position,
      leaf,
      record,
    }));
  }

  async countDecisions(workspace: string, span: DecisionSpan): Promise<number> {
    return (await this.#within(workspace, span)).length;
  }

  async decisions(
    workspace: string,
    span: DecisionSpan,
    page: { after: string; limit: number; payload: boolean },
  ): Promise<{ id: string; record: string; payload: string | null; erased: boolean }[]> {
    const rows = await this.#within(workspace, span);
    return rows
      .filter(({ id }) => id > page.after)
      .slice(0, page.limit)
      .map(({ id, record, payload }) => ({
        id,
        record,
        payload: page.payload ? payload : null,
        erased: payload === null,
      }));
  }

  async verdicts(
    workspace: string,
    { first, last, size }: { first: string; last: string; size: number },
  ): Promise<Verdict[]> {
    const rows = await this.#all(workspace, 'label');
    return rows
      .filter(({ decision, commitSeq }) => decision! >= first && decision! <= last && commitSeq < size)
      .sort((a, b) => (a.decision === b.decision ? (a.id < b.id ? -1 : 1) : a.decision! < b.decision! ? -1 : 1))
      .flatMap(({ decision, record }) => {
        const {
          label,
          source,
          echo,
          seconds = null,
        } = JSON.parse(record) as Omit<Verdict, 'source'> & {
          source: string;
          echo?: boolean;
        };
        if (echo === true || (source !== 'reviewer' && source !== 'audit')) return [];
        return [{ decision: decision!, label, source, seconds }];
      });
  }

  async #within(workspace: string, { task, from, to, size }: DecisionSpan): Promise<StoredEntry[]> {
    const rows = await this.#all(workspace, 'decision');
    return rows.filter((row) => {
      const at = idTime(row.id);
      return row.task === task && at >= from && at < to && row.commitSeq < size;
    });
  }

  async #all(workspace: string, kind: EntryKind): Promise<StoredEntry[]> {
    return this.#storage.scan(workspace, kind, '', Number.MAX_SAFE_INTEGER);
  }
}
