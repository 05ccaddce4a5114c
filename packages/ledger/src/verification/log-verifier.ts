import { LogTree } from '../log-tree.ts';
import { HASH_BYTES, leafHash, treeHead } from '../merkle.ts';
import type { CommitRow, HeadState, StoredEntry } from '../ports.ts';
import type { Damage, DamageKind, TrustedHead, VerificationReport } from './damage.ts';
import { checkEntry } from './entry-check.ts';
import type { WalkItem } from './walk.ts';

const REPORTED = 100;

/** The hash that stands for a commit in its workspace's log; see the migration for its parts. */
export function commitLeaf(commit: Pick<CommitRow, 'root' | 'entries' | 'committedAt'>): Buffer {
  const data = Buffer.alloc(HASH_BYTES + 16);
  commit.root.copy(data);
  data.writeBigInt64BE(BigInt(commit.entries), HASH_BYTES);
  data.writeBigInt64BE(BigInt(commit.committedAt), HASH_BYTES + 8);
  return leafHash(data);
}

/** Recomputes everything, commit after commit, keeping the log's peaks and nothing else of what has passed. */
export class LogVerifier {
  readonly #workspace: string;
  readonly #head: HeadState;
  readonly #trusted: TrustedHead | undefined;
  readonly #log = new LogTree();
  readonly #damage: Partial<Record<DamageKind, number>> = {};
  readonly #found: Damage[] = [];
  /** Rows without a payload whose erasure entry has not come yet, by the decision that it has to name. */
  readonly #unexplained = new Map<string, { commit: number; position: number; id: string }[]>();
  #chainBroken = false;
  #previousHead: Buffer | undefined;
  #trustedSeen = false;
  #entries = 0;
  #erased = 0;

  constructor(workspace: string, head: HeadState, trusted?: TrustedHead) {
    this.#workspace = workspace;
    this.#head = head;
    this.#trusted = trusted;
    this.#checkTrusted();
  }

  get entries(): number {
    return this.#entries;
  }

  take(item: WalkItem): void {
    if (item.type === 'stray') {
      this.#report('inserted', item.entry.commitSeq, item.entry.position, item.entry.id, item.detail);
    } else if (item.type === 'missing_commit') {
      this.#report('commit_removed', item.seq, null, null, 'the log has no such commit any more');
      this.#chainBroken = true;
      this.#previousHead = undefined;
      this.#log.size++; // later places stay right; the chain is not followed any further
    } else {
      const root = this.#takeEntries(item.commit, item.entries);
      this.#takeCommit(item.commit, root);
    }
  }

  /** Rows in the tables that no walk came across: their ids are of no kind of entry. */
  takeUnreachable(count: number): void {
    if (count > 0) this.#report('inserted', null, null, null, `${count} rows have ids that no entry has`);
  }

  #takeEntries(commit: CommitRow, entries: readonly StoredEntry[]): Buffer | undefined {
    const before = this.#total();
    const leaves = Buffer.alloc(commit.entries * HASH_BYTES);
    const taken = new Array<boolean>(commit.entries).fill(false);
    let last = '';
    // An erasure also takes notes of its own commit that stand after it.
    const erasedHere = new Set(entries.filter(({ kind }) => kind === 'erasure').map(({ decision }) => decision));
    for (const entry of [...entries].sort((a, b) => a.position - b.position)) {
      this.#entries++;
      const { problem, erased } = checkEntry(this.#workspace, entry);
      if (problem !== undefined) this.#report('altered', commit.seq, entry.position, entry.id, problem);
      if (entry.kind === 'erasure' && problem === undefined) this.#explain(entry.decision!);
      if (erased) this.#remember(commit.seq, entry, erasedHere.has(entry.decision ?? entry.id));
      if (entry.position < 0 || entry.position >= commit.entries || taken[entry.position]) {
        this.#report('inserted', commit.seq, entry.position, entry.id, 'its place is taken or does not exist');
        continue;
      }
      taken[entry.position] = true;
      const key = entry.id.slice(4);
      if (key < last) this.#report('reordered', commit.seq, entry.position, entry.id, 'it stands out of order');
      last = key;
      entry.leaf.copy(leaves, entry.position * HASH_BYTES);
    }
    taken.forEach((there, position) => {
      if (!there) this.#report('removed', commit.seq, position, null, 'the entry at this place is gone');
    });
    if (taken.includes(false)) return undefined;
    const root = treeHead(leaves);
    if (!root.equals(commit.root) && this.#total() === before) {
      // Rows that agree with their own hashes but not with the commit: someone rewrote both, or the commit.
      const follows = this.#chainBroken || this.#wouldFollow(commit, commit.root);
      if (follows)
        this.#report('altered', commit.seq, null, null, 'an entry of this commit was rewritten with its hash');
      else this.#report('commit_forged', commit.seq, null, null, 'the root is not that of its entries');
    }
    return root;
  }

  #wouldFollow(commit: CommitRow, root: Buffer): boolean {
    const log = new LogTree(this.#log.size, this.#log.peaks);
    log.push(commitLeaf({ ...commit, root }));
    return log.head.equals(commit.head);
  }

  #takeCommit(commit: CommitRow, root: Buffer | undefined): void {
    if (this.#previousHead !== undefined && !this.#previousHead.equals(commit.prevHead)) {
      this.#report('commit_forged', commit.seq, null, null, 'it does not follow the head before it');
    }
    this.#previousHead = commit.head;
    if (this.#chainBroken) {
      this.#log.size++;
      return;
    }
    const before = this.#log.head;
    const trueRoot = root !== undefined && this.#wouldFollow(commit, root) ? root : commit.root;
    const nodes = this.#log.push(commitLeaf({ ...commit, root: trueRoot }));
    if (!before.equals(commit.prevHead)) {
      this.#report('commit_forged', commit.seq, null, null, 'its previous head is not that of the log');
    }
    if (!this.#log.head.equals(commit.head)) {
      this.#report('commit_forged', commit.seq, null, null, 'its head does not follow from the log');
      this.#chainBroken = true;
    } else if (!nodes.equals(commit.nodes)) {
      this.#report('commit_forged', commit.seq, null, null, 'its subtrees are not those of the log');
    }
    this.#checkTrusted();
  }

  #checkTrusted(): void {
    if (this.#trusted === undefined || this.#trusted.size !== this.#log.size) return;
    this.#trustedSeen = true;
    if (this.#log.head.toString('hex') !== this.#trusted.head.toLowerCase()) {
      this.#report('head_forged', this.#log.size, null, null, 'the head kept outside is not one of this log');
    }
  }

  #remember(commit: number, entry: StoredEntry, explained: boolean): void {
    this.#erased++;
    if (explained) return;
    const decision = entry.decision ?? entry.id;
    const waiting = this.#unexplained.get(decision) ?? [];
    waiting.push({ commit, position: entry.position, id: entry.id });
    this.#unexplained.set(decision, waiting);
  }

  #explain(decision: string): void {
    this.#unexplained.delete(decision);
  }

  /** The end of the log: is the head what the commits lead to, and is every missing payload explained? */
  finish(): VerificationReport {
    for (const rows of this.#unexplained.values()) {
      for (const { commit, position, id } of rows) {
        this.#report('payload_removed', commit, position, id, 'its payload is gone and no erasure says why');
      }
    }
    const { size, entries, peaks, head } = this.#head;
    if (size !== this.#log.size) {
      this.#report('head_forged', null, null, null, `the head counts ${size} commits, the log has ${this.#log.size}`);
    } else if (!this.#chainBroken && (!this.#log.head.equals(head) || !this.#log.peaks.equals(peaks))) {
      this.#report('head_forged', null, null, null, 'the head is not that of the log');
    } else if (this.#previousHead !== undefined && !this.#previousHead.equals(head)) {
      this.#report('head_forged', null, null, null, 'the head is not that of the last commit');
    }
    if (this.#total() === 0 && entries !== this.#entries) {
      this.#report('head_forged', null, null, null, `the head counts ${entries} entries, the log has ${this.#entries}`);
    }
    if (this.#trusted !== undefined && !this.#trustedSeen) {
      this.#report('head_forged', null, null, null, 'the log never had the size of the head kept outside');
    }
    return {
      ok: this.#total() === 0,
      workspace: this.#workspace,
      head: (this.#chainBroken ? head : this.#log.head).toString('hex'),
      size: this.#log.size,
      entries: this.#entries,
      erased: this.#erased,
      damage: this.#damage,
      found: this.#found,
    };
  }

  #total(): number {
    let total = 0;
    for (const count of Object.values(this.#damage)) total += count;
    return total;
  }

  #report(kind: DamageKind, commit: number | null, position: number | null, id: string | null, detail: string): void {
    this.#damage[kind] = (this.#damage[kind] ?? 0) + 1;
    if (this.#found.length < REPORTED) this.#found.push({ kind, commit, position, id, detail });
  }
}
