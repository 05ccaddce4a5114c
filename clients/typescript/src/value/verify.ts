import type { ValueReport } from '../generated/api.ts';
import { compareReport, type WrongFigure } from './compare.ts';
import { fromHex, LogChain, type Sha256, toHex, webSha256 } from './log-chain.ts';
import { recompute, startOf } from './recompute.ts';
import { type LedgerRecord, RowCounts } from './row-counts.ts';

const FORMAT = 'understudy-value/1';
/** A line longer than this is no line of an export. */
const LINE_CHARACTERS = 16 * 1024 * 1024;
const MARGIN_MS = 24 * 3_600_000;
const REPORTED = 100;

/**
 * - `altered`: a row does not have its hash, or contradicts itself.
 * - `removed`, `inserted`, `reordered`: a row is gone, is there without belonging, or stands in another's place.
 * - `commit`: a commit is gone, or does not follow from its rows.
 * - `head`: the rows do not lead to the head that the report names, or to the one that you kept.
 * - `figure`: the report states something else than its rows do.
 */
export type FindingKind = 'altered' | 'removed' | 'inserted' | 'reordered' | 'commit' | 'head' | 'figure';

export interface Finding {
  kind: FindingKind;
  /** Place of the commit in the log; null where it is about none. */
  commit: number | null;
  /** The ledger row, where it can be told. */
  id: string | null;
  detail: string;
}

export interface ValueVerification {
  ok: boolean;
  workspace: string;
  /** As the export states it. */
  report: ValueReport;
  /** Recomputed from the rows. */
  head: string;
  size: number;
  /** Rows read and hashed, and those of them that the figures rest on. */
  rows: number;
  counted: number;
  /** The first ones. */
  findings: Finding[];
  /** All of them, also those that are not listed. */
  found: number;
}

export interface VerifyValueOptions {
  /** A head that you kept: the log must have passed it. */
  trusted?: { size: number; head: string };
  /** Default: Web Crypto. */
  sha256?: Sha256;
  onProgress?(commits: number, of: number): void;
}

/** What a file is when it cannot be verified at all: not an export, or cut off in its first line. */
export class NotAnExport extends Error {
  constructor(detail: string) {
    super(`This is not an export of the value report: ${detail}.`);
    this.name = 'NotAnExport';
  }
}

interface CommitLine {
  seq: number;
  entries: number;
  committed_at_ms: number;
  root: string;
  rows: number;
}

interface Row {
  leaf: unknown;
  record: string;
}

/**
 * Recomputes a value report from its export alone: every row's hash, every commit's root, the chain of heads up to the
 * one that the report names, and then every figure from the rows. One altered, dropped, inserted or swapped row, a
 * forged head and a figure that does not follow are found. What nobody can find in a file alone is a ledger that was
 * rewritten as a whole: compare with a head that you kept (`trusted`).
 *
 * @throws {@link NotAnExport}
 */
export async function verifyValueExport(
  source: AsyncIterable<Uint8Array | string>,
  options: VerifyValueOptions = {},
): Promise<ValueVerification> {
  let verifier: Verifier | undefined;
  for await (const line of linesOf(source)) {
    const value = parse(line);
    if (verifier === undefined) verifier = new Verifier(value, options);
    else await verifier.take(value);
  }
  if (verifier === undefined) throw new NotAnExport('it is empty');
  return verifier.finish();
}

class Verifier {
  readonly #workspace: string;
  readonly #report: ValueReport;
  readonly #named: { size: number; head: string };
  readonly #rowsFrom: number;
  readonly #chain: LogChain;
  readonly #counts: RowCounts;
  readonly #options: VerifyValueOptions;
  readonly #findings: Finding[] = [];
  #found = 0;
  #rows = 0;
  #next = 0;
  #open: { commit: CommitLine; rows: Row[] } | undefined;
  #trustedSeen = false;

  constructor(header: unknown, options: VerifyValueOptions) {
    const { format, workspace, ledger, report } = (header ?? {}) as {
      format?: unknown;
      workspace?: unknown;
      ledger?: { size: number; head: string };
      report?: ValueReport;
    };
    if (format !== FORMAT) throw new NotAnExport(`its first line does not say ${FORMAT}`);
    if (typeof workspace !== 'string' || !Number.isSafeInteger(ledger?.size) || !isReport(report)) {
      throw new NotAnExport('its first line has no report');
    }
    this.#workspace = workspace;
    this.#report = report;
    this.#named = ledger!;
    this.#options = options;
    this.#chain = new LogChain(options.sha256 ?? webSha256);
    const [from, to] = [Date.parse(report.from), Date.parse(report.to)];
    this.#rowsFrom = from - MARGIN_MS;
    this.#counts = new RowCounts({
      from,
      to,
      slug: report.task,
      tasks: new Set(report.tasks.map(({ task_id: id }) => id)),
      bucketOf: (at) => startOf(at, report.bucket),
    });
  }

  async take(value: unknown): Promise<void> {
    const { commit, leaf, record } = value as { commit?: CommitLine; leaf?: unknown; record?: unknown };
    if (commit !== undefined) {
      await this.#close();
      if (!isCommit(commit)) {
        this.#note('commit', null, null, 'a line is neither a commit nor a row');
        return;
      }
      this.#open = { commit, rows: [] };
    } else if (typeof record === 'string' && this.#open !== undefined) this.#open.rows.push({ leaf, record });
    else this.#note('inserted', this.#open?.commit.seq ?? null, null, 'a line is neither a commit nor a row');
  }

  /** All rows of a commit are there: do they lead to its root? */
  async #close(): Promise<void> {
    if (this.#open === undefined) return;
    const { commit, rows } = this.#open;
    this.#open = undefined;
    await this.#checkTrusted();
    if (commit.seq !== this.#next) {
      const detail =
        commit.seq > this.#next
          ? `the log goes from commit ${this.#next - 1} to ${commit.seq}`
          : 'it stands out of the order of the log';
      this.#note('commit', commit.seq, null, detail);
    }
    this.#next = commit.seq + 1;
    const root = fromHex(commit.root);
    if (root === undefined) {
      this.#note('commit', commit.seq, null, 'its root is no hash');
      return;
    }
    await this.#checkRows(commit, rows);
    await this.#chain.push({ root, entries: commit.entries, committedAt: commit.committed_at_ms });
    this.#options.onProgress?.(this.#chain.size, this.#named.size);
  }

  async #checkRows(commit: CommitLine, rows: readonly Row[]): Promise<void> {
    const { seq, entries } = commit;
    if (rows.length === 0 && commit.committed_at_ms < this.#rowsFrom) return; // before the window: no figure needs it
    const before = this.#found;
    const leaves: Uint8Array[] = [];
    let last = '';
    for (const { leaf, record } of rows) {
      this.#rows++;
      const own = await this.#chain.leafOf(record);
      leaves.push(own);
      const parsed = recordOf(record);
      const id = parsed === null ? null : parsed.id;
      if (leaf !== toHex(own)) this.#note('altered', seq, id, 'the row does not have its hash');
      if (parsed === null) {
        this.#note('altered', seq, null, 'the row is no record of the ledger');
        continue;
      }
      if (parsed.workspace !== this.#workspace) this.#note('inserted', seq, id, 'it is of another workspace');
      const key = parsed.id.slice(4);
      if (key <= last) this.#note('reordered', seq, id, 'it stands out of order');
      last = key;
      if (!this.#counts.take(parsed)) this.#note('altered', seq, id, 'it contradicts itself or is there twice');
    }
    if (rows.length < entries) this.#note('removed', seq, null, `${entries - rows.length} of its rows are missing`);
    if (rows.length > entries) this.#note('inserted', seq, null, `it has ${rows.length - entries} rows too many`);
    if (this.#found === before && toHex(await this.#chain.rootOf(leaves)) !== commit.root) {
      this.#note('commit', seq, null, 'its rows were exchanged or rewritten: they do not lead to its root');
    }
  }

  async #checkTrusted(): Promise<void> {
    const { trusted } = this.#options;
    if (trusted === undefined || this.#trustedSeen || trusted.size !== this.#chain.size) return;
    this.#trustedSeen = true;
    if ((await this.#chain.head()) !== trusted.head) {
      this.#note('head', null, null, 'the head that you kept is not one of this log');
    }
  }

  async finish(): Promise<ValueVerification> {
    await this.#close();
    await this.#checkTrusted();
    const { size, head: named } = this.#named;
    const head = await this.#chain.head();
    const { evidence } = this.#report;
    if (this.#chain.size !== size) {
      this.#note('head', null, null, `the head counts ${size} commits, the export has ${this.#chain.size}`);
    } else if (head !== named) this.#note('head', null, null, 'the rows do not lead to the head of the export');
    if (evidence.ledger_head !== named || evidence.ledger_size !== size) {
      this.#note('head', null, null, 'the report names another head than its export');
    }
    if (this.#options.trusted !== undefined && !this.#trustedSeen) {
      const detail = `the log of the export ends before the size of the head that you kept (${this.#options.trusted.size})`;
      this.#note('head', null, null, detail);
    }
    const cells = this.#counts.finish();
    const own = recompute(cells, this.#report);
    for (const wrong of compareReport(this.#report, own)) this.#reportFigure(wrong);
    if (this.#counts.withoutTask !== evidence.decisions_without_task) {
      this.#reportFigure({
        figure: 'evidence.decisions_without_task',
        reported: evidence.decisions_without_task,
        recomputed: this.#counts.withoutTask,
      });
    }
    return {
      ok: this.#found === 0,
      workspace: this.#workspace,
      report: this.#report,
      head,
      size: this.#chain.size,
      rows: this.#rows,
      counted: own.rows,
      findings: this.#findings,
      found: this.#found,
    };
  }

  #reportFigure({ figure, reported, recomputed }: WrongFigure): void {
    const say = (value: unknown) => (value === null || value === undefined ? 'nothing' : String(value));
    this.#note('figure', null, null, `${figure}: the report says ${say(reported)}, its rows ${say(recomputed)}`);
  }

  #note(kind: FindingKind, commit: number | null, id: string | null, detail: string): void {
    this.#found++;
    if (this.#findings.length < REPORTED) this.#findings.push({ kind, commit, id, detail });
  }
}

function recordOf(text: string): (LedgerRecord & { workspace: string }) | null {
  let value: (LedgerRecord & { workspace: string }) | null;
  try {
    value = JSON.parse(text) as LedgerRecord & { workspace: string };
  } catch {
    return null;
  }
  if (typeof value?.id !== 'string') return null;
  if (value.kind === 'decision') {
    const { task, cost } = value;
    return typeof task?.id === 'string' && typeof cost?.amount === 'string' ? value : null;
  }
  if (value.kind === 'event') return typeof value.type === 'string' ? value : null;
  return (value.kind === 'label' || value.kind === 'erasure') && typeof value.decision === 'string' ? value : null;
}

function isReport(report: ValueReport | undefined): report is ValueReport {
  return (
    Array.isArray(report?.tasks) &&
    Array.isArray(report.buckets) &&
    Array.isArray(report.currencies) &&
    Number.isFinite(Date.parse(report.from)) &&
    Number.isFinite(Date.parse(report.to)) &&
    Number.isFinite(Date.parse(report.generated_at)) &&
    typeof report.evidence === 'object'
  );
}

function isCommit({ seq, entries, committed_at_ms: at }: CommitLine): boolean {
  return [seq, entries, at].every((value) => Number.isSafeInteger(value) && value >= 0);
}

function parse(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // said below
  }
  throw new NotAnExport('a line is no JSON object, or is cut off');
}

async function* linesOf(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of source) {
    const parts = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })).split('\n');
    parts[0] = rest + parts[0]!;
    rest = parts.pop()!;
    if (rest.length > LINE_CHARACTERS) throw new NotAnExport('a line has no end');
    for (const part of parts) if (part !== '') yield part;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
