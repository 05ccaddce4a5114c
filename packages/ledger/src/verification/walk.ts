import type { EntryKind } from '../entry.ts';
import type { CommitRow, HeadState, LedgerStorage, StoredEntry } from '../ports.ts';

/** What a walk over a ledger comes across, in the order of the log; strays as they turn up. */
export type WalkItem =
  | { type: 'commit'; commit: CommitRow; entries: StoredEntry[] }
  | { type: 'missing_commit'; seq: number }
  | { type: 'stray'; entry: StoredEntry; detail: string };

const PAGE_CHARACTERS = 4 * 1024 * 1024;
const COMMIT_PAGE = 1_000;
/** Commits that may be open at once: rows of one commit are close together in time. */
const OPEN_COMMITS = 20_000;

async function* scanKind(storage: LedgerStorage, workspace: string, kind: EntryKind): AsyncGenerator<StoredEntry> {
  let after = '';
  for (let limit = 200; ; ) {
    const page = await storage.scan(workspace, kind, after, limit);
    yield* page;
    if (page.length < limit) return;
    after = page.at(-1)!.id.slice(4);
    // Texts may be long or short: aim at pages of a few megabytes, so that memory does not depend on them.
    const characters = page.reduce((sum, row) => sum + row.record.length + (row.payload?.length ?? 0), 1);
    limit = Math.max(10, Math.min(5_000, Math.floor((PAGE_CHARACTERS / characters) * page.length)));
  }
}

/** All entries of a workspace by time, whatever their kind. */
async function* scanAll(storage: LedgerStorage, workspace: string): AsyncGenerator<StoredEntry> {
  const kinds: EntryKind[] = ['decision', 'label', 'erasure', 'event'];
  const streams = kinds.map((kind) => scanKind(storage, workspace, kind));
  const next = await Promise.all(streams.map((stream) => stream.next()));
  for (;;) {
    let least = -1;
    let leastKey = '';
    next.forEach((result, at) => {
      if (result.done) return;
      const key = result.value.id.slice(4);
      if (least === -1 || key < leastKey) {
        least = at;
        leastKey = key;
      }
    });
    if (least === -1) return;
    yield (next[least] as IteratorYieldResult<StoredEntry>).value;
    next[least] = await streams[least]!.next();
  }
}

interface Open {
  commit: CommitRow | undefined;
  entries: StoredEntry[];
}

/**
 * Walks the log up to `head` in memory that does not grow with it: rows come by the time of their ids, gather at their
 * commits, and leave commit by commit. Every row is seen, also one that claims to belong where nothing does.
 * Rows of commits after `head` are left alone when the log has grown to hold them by the end of the walk.
 */
export async function* walkLedger(
  storage: LedgerStorage,
  workspace: string,
  head: HeadState,
): AsyncGenerator<WalkItem, { seen: number }> {
  const open = new Map<number, Open>();
  const later: StoredEntry[] = [];
  let loaded = 0;
  let next = 0;
  let seen = 0;

  const load = async (past: number) => {
    while (loaded <= past && loaded < head.size) {
      const to = Math.min(loaded + COMMIT_PAGE, head.size);
      for (let seq = loaded; seq < to; seq++) open.set(seq, { commit: undefined, entries: [] });
      for (const commit of await storage.commits(workspace, loaded, to)) open.get(commit.seq)!.commit = commit;
      loaded = to;
    }
  };
  const leave = (): WalkItem => {
    const { commit, entries } = open.get(next)!;
    open.delete(next);
    const seq = next++;
    return commit === undefined ? { type: 'missing_commit', seq } : { type: 'commit', commit, entries };
  };
  const passed = (key: string): boolean => {
    const first = open.get(next);
    if (first === undefined) return false;
    return first.commit === undefined || key > first.commit.lastKey || open.size > OPEN_COMMITS + COMMIT_PAGE;
  };

  for await (const entry of scanAll(storage, workspace)) {
    const seq = entry.commitSeq;
    if (seq >= head.size) {
      if (later.length < 1_000) later.push(entry);
      continue;
    }
    seen++;
    if (seq < next + OPEN_COMMITS) await load(seq);
    while (passed(entry.id.slice(4))) yield leave();
    const at = open.get(seq);
    if (at !== undefined) at.entries.push(entry);
    else yield { type: 'stray', entry, detail: 'the commit that it names does not hold rows of its time' };
  }
  for (;;) {
    await load(next);
    if (next >= head.size) break;
    yield leave();
  }
  const { size } = await storage.head(workspace);
  for (const entry of later) {
    if (entry.commitSeq >= size) yield { type: 'stray', entry, detail: 'it names a commit that the log does not have' };
  }
  return { seen };
}
