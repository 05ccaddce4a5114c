import { ledgerErrors } from './errors.ts';
import { completingLeaf, logConsistencyPath, logInclusionPath, type NodeAddress } from './log-tree.ts';
import { HASH_BYTES, headFromInclusion, inclusionPath, leafOfText } from './merkle.ts';
import type { LedgerStorage } from './ports.ts';
import { commitLeaf } from './verification/log-verifier.ts';

/** That one decision's record is in the log under a head: check it with {@link verifyProof}. Hashes are hexadecimal. */
export interface DecisionProof {
  workspace: string;
  decision: string;
  /** The canonical record, exactly as hashed. */
  record: string;
  commit: {
    seq: number;
    entries: number;
    /** Milliseconds since the epoch: part of what is hashed. */
    committedAt: number;
    root: string;
    position: number;
    /** From the record's leaf to `root`, nearest sibling first (RFC 6962 §2.1.1). */
    path: string[];
  };
  log: {
    size: number;
    head: string;
    /** From the commit's leaf to `head`. */
    path: string[];
  };
}

/** That the log of `second` begins with that of `first` (RFC 6962 §2.1.2). */
export interface ConsistencyProof {
  workspace: string;
  first: { size: number; head: string };
  second: { size: number; head: string };
  path: string[];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function nodesOf(storage: LedgerStorage, workspace: string) {
  return async (addresses: readonly NodeAddress[]): Promise<Buffer[]> => {
    const commits = await storage.commitsBySeq(workspace, [...new Set(addresses.map(completingLeaf))]);
    const bySeq = new Map(commits.map((commit) => [commit.seq, commit]));
    return addresses.map((address) => {
      const at = address.level * HASH_BYTES;
      const node = bySeq.get(completingLeaf(address))?.nodes.subarray(at, at + HASH_BYTES);
      if (node?.length !== HASH_BYTES) throw damaged();
      return node;
    });
  };
}

const damaged = () =>
  ledgerErrors.ledger_damaged('A row that the proof needs is missing or wrong: run `understudy ledger verify`.');

/**
 * Proves that a decision is in its workspace's log, with O(log n) rows read beside its own commit's.
 *
 * @throws `decision_not_found` `ledger_damaged`
 */
export async function proveDecision(storage: LedgerStorage, workspace: string, id: string): Promise<DecisionProof> {
  const entry = await storage.get(workspace, id);
  if (entry === undefined) throw ledgerErrors.decision_not_found('There is no such decision.');
  const { size, head } = await storage.head(workspace);
  const [commit] = await storage.commitsBySeq(workspace, [entry.commitSeq]);
  if (commit === undefined) throw damaged();
  const entries = await storage.entriesOf(workspace, commit);
  const leaves = Buffer.concat(entries.map(({ leaf }) => leaf));
  if (entries.length !== commit.entries || entries[entry.position]?.id !== id) throw damaged();
  const proof: DecisionProof = {
    workspace,
    decision: id,
    record: entry.record,
    commit: {
      seq: commit.seq,
      entries: commit.entries,
      committedAt: commit.committedAt,
      root: hex(commit.root),
      position: entry.position,
      path: inclusionPath(entry.position, leaves).map(hex),
    },
    log: {
      size,
      head: hex(head),
      path: (await logInclusionPath(commit.seq, size, nodesOf(storage, workspace))).map(hex),
    },
  };
  if (!verifyProof(proof)) throw damaged(); // never hand out a proof that proves nothing
  return proof;
}

/** Checks a proof by itself: the record leads to the commit's root, and that to the head. */
export function verifyProof(proof: DecisionProof): boolean {
  const { commit, log } = proof;
  const leaf = Buffer.from(leafOfText(proof.record), 'latin1');
  const bytes = (path: string[]) => path.map((node) => Buffer.from(node, 'hex'));
  const root = headFromInclusion(leaf, commit.position, commit.entries, bytes(commit.path));
  if (root === undefined || hex(root) !== commit.root) return false;
  const { entries, committedAt } = commit;
  const head = headFromInclusion(commitLeaf({ root, entries, committedAt }), commit.seq, log.size, bytes(log.path));
  return head !== undefined && hex(head) === log.head;
}

/** @throws `ledger_size_unknown` when the log never had one of the sizes, `ledger_damaged` */
export async function proveConsistency(
  storage: LedgerStorage,
  workspace: string,
  first: number,
  second?: number,
): Promise<ConsistencyProof> {
  const now = await storage.head(workspace);
  const to = second ?? now.size;
  if (first < 1 || first > to || to > now.size) {
    throw ledgerErrors.ledger_size_unknown(`The log has ${now.size} commits; ask for 1 ≤ first ≤ second ≤ that.`);
  }
  const heads = await storage.commitsBySeq(workspace, [...new Set([first - 1, to - 1])]);
  const headAt = (size: number): string => {
    const commit = heads.find(({ seq }) => seq === size - 1);
    if (commit === undefined) throw damaged();
    return hex(commit.head);
  };
  const path = await logConsistencyPath(first, to, nodesOf(storage, workspace));
  return {
    workspace,
    first: { size: first, head: headAt(first) },
    second: { size: to, head: headAt(to) },
    path: path.map(hex),
  };
}
