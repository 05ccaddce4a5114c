import { ledgerErrors } from '../errors.ts';
import type { CommitRow, HeadState, LedgerStorage, StoredEntry } from '../ports.ts';
import type { TrustedHead, VerificationReport } from './damage.ts';
import { LogVerifier } from './log-verifier.ts';
import { walkLedger } from './walk.ts';

export const EXPORT_FORMAT = 'understudy-ledger/1';

/** One export may hold longer texts than any request, but a line without an end is not an export. */
const LINE_CHARACTERS = 128 * 1024 * 1024;

const hex = (bytes: Buffer): string => bytes.toString('hex');
const bytes = (text: unknown): Buffer => Buffer.from(String(text), 'hex');

/**
 * A workspace's ledger as NDJSON that proves itself: a header with the head, then each commit followed by its entries.
 * The texts are the stored ones, so that the hashes can be recomputed from them.
 */
export async function* exportLedger(storage: LedgerStorage, workspace: string): AsyncGenerator<string> {
  const head = await storage.head(workspace);
  const { size, entries, decisions } = head;
  yield line({
    format: EXPORT_FORMAT,
    workspace,
    size,
    entries,
    decisions,
    peaks: hex(head.peaks),
    head: hex(head.head),
  });
  for await (const item of walkLedger(storage, workspace, head)) {
    // What does not belong goes along, so that the export does not look better than the ledger.
    if (item.type === 'stray') {
      const { entry, detail } = item;
      yield line({ stray: { ...entry, leaf: hex(entry.leaf) }, detail });
    }
    if (item.type !== 'commit') continue;
    const { root, nodes, prevHead, head: after, ...rest } = item.commit;
    yield line({ commit: { ...rest, root: hex(root), nodes: hex(nodes), prevHead: hex(prevHead), head: hex(after) } });
    for (const entry of item.entries) yield line({ entry: { ...entry, leaf: hex(entry.leaf) } });
  }
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

/**
 * Verifies an export as {@link verifyLedger} verifies a database, from its text alone, line by line.
 *
 * @throws `ledger_export_invalid` when it is not such an export (which is not the same as a damaged ledger)
 */
export async function verifyExport(
  chunks: AsyncIterable<Uint8Array | string>,
  options: { trusted?: TrustedHead; progress?(done: number, total: number): void } = {},
): Promise<VerificationReport> {
  let verifier: LogVerifier | undefined;
  let total = 0;
  let next = 0;
  let at: { commit: CommitRow; entries: StoredEntry[] } | undefined;
  const settle = () => {
    if (at === undefined) return;
    for (; next < at.commit.seq; next++) verifier!.take({ type: 'missing_commit', seq: next });
    next = at.commit.seq + 1;
    verifier!.take({ type: 'commit', ...at });
    options.progress?.(verifier!.entries, total);
  };
  for await (const text of lines(chunks)) {
    const value = parse(text);
    if (verifier === undefined) {
      if (value.format !== EXPORT_FORMAT) throw invalid(`the first line does not say ${EXPORT_FORMAT}`);
      const head: HeadState = {
        size: Number(value.size),
        entries: Number(value.entries),
        decisions: Number(value.decisions),
        peaks: bytes(value.peaks),
        head: bytes(value.head),
      };
      total = head.entries;
      verifier = new LogVerifier(String(value.workspace), head, options.trusted);
    } else if (isObject(value.commit)) {
      settle();
      at = { commit: toCommit(value.commit), entries: [] };
    } else if (isObject(value.entry) && at !== undefined) {
      at.entries.push({ ...(value.entry as unknown as StoredEntry), leaf: bytes(value.entry.leaf) });
    } else if (isObject(value.stray)) {
      const entry = { ...(value.stray as unknown as StoredEntry), leaf: bytes(value.stray.leaf) };
      verifier.take({ type: 'stray', entry, detail: String(value.detail) });
    } else {
      throw invalid('a line is neither a commit nor an entry');
    }
  }
  if (verifier === undefined) throw invalid('it is empty');
  settle();
  return verifier.finish();
}

function toCommit(value: Record<string, unknown>): CommitRow {
  const { seq, entries, committedAt, firstKey, lastKey } = value;
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(committedAt)) throw invalid('a commit has no place or time');
  if (!Number.isSafeInteger(entries) || (entries as number) < 1 || (entries as number) > 1_000_000) {
    throw invalid('a commit has an impossible number of entries');
  }
  return {
    seq: seq as number,
    entries: entries as number,
    committedAt: committedAt as number,
    firstKey: String(firstKey),
    lastKey: String(lastKey),
    root: bytes(value.root),
    nodes: bytes(value.nodes),
    prevHead: bytes(value.prevHead),
    head: bytes(value.head),
  };
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('a line is not JSON');
  }
  if (!isObject(value)) throw invalid('a line is not an object');
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function* lines(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })).split('\n');
    parts[0] = rest + parts[0]!;
    rest = parts.pop()!;
    if (rest.length > LINE_CHARACTERS) throw invalid('a line has no end');
    for (const part of parts) if (part !== '') yield part;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

const invalid = (detail: string) => ledgerErrors.ledger_export_invalid(`This is not a ledger export: ${detail}.`);
