import { hash } from 'node:crypto';
import { NotAnExport, type ValueVerification, verifyValueExport } from '@understudy/client';
import { FakeClock } from '@understudy/kernel/testing';
import { presentReport } from '@understudy/value/http';
import { exampleHistory, exampleTask, LedgerWorld, sequence } from '@understudy/value/testing';
import type { HonestyResult } from './result.ts';

const WORKSPACE = 'ws_honest';
const NOW = Date.UTC(2031, 1, 20, 9, 30);
const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');

interface Line {
  commit?: { seq: number; entries: number; committed_at_ms: number; root: string; rows: number };
  leaf?: string;
  record?: string;
  [more: string]: unknown;
}

type Random = () => number;
/** Changes the lines in place; false when these lines do not allow it. */
type Attack = (lines: Line[], next: Random) => boolean;

const digest = (text: string) => hash('sha256', `\0${text}`, 'hex');
const rowsOf = (lines: Line[]) => lines.flatMap((line, at) => (line.record === undefined ? [] : [at]));
const commitsOf = (lines: Line[]) => lines.flatMap((line, at) => (line.commit === undefined ? [] : [at]));
const pick = (places: number[], next: Random) => places[Math.floor(next() * places.length)]!;
const commitOf = (lines: Line[], row: number) => {
  let at = row;
  while (lines[at]!.commit === undefined) at--;
  return lines[at]!.commit!;
};

function edit(line: Line, change: (record: Record<string, unknown>) => void): void {
  const record = JSON.parse(line.record!) as Record<string, unknown>;
  change(record);
  line.record = JSON.stringify(record);
}

/** What somebody who wants better figures would do to one row of an export, or to its head. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  'alter one row': (lines, next) => {
    const line = lines[pick(rowsOf(lines), next)]!;
    edit(line, (record) => {
      if (record.kind === 'label') record.label = record.label === 'ok' ? 'spam' : 'ok';
      else record.cost = { amount: '0.000001', currency: 'EUR' };
    });
    return true;
  },
  'alter one row and its hash': (lines, next) => {
    const line = lines[pick(rowsOf(lines), next)]!;
    edit(line, (record) => {
      record.label = record.label === 'ok' ? 'spam' : 'ok';
    });
    line.leaf = digest(line.record!);
    return true;
  },
  'drop one row': (lines, next) => {
    lines.splice(pick(rowsOf(lines), next), 1);
    return true;
  },
  'drop one row and count one less': (lines, next) => {
    const at = pick(rowsOf(lines), next);
    const commit = commitOf(lines, at);
    commit.entries--;
    commit.rows--;
    lines.splice(at, 1);
    return true;
  },
  'insert a copy of one row': (lines, next) => {
    const at = pick(rowsOf(lines), next);
    lines.splice(at, 0, { ...lines[at]! });
    return true;
  },
  'insert an invented row and count one more': (lines, next) => {
    const at = pick(rowsOf(lines), next);
    const line = { ...lines[at]! };
    edit(line, (record) => {
      record.id = `${String(record.id).slice(0, -1)}${String(record.id).endsWith('0') ? '1' : '0'}`;
    });
    line.leaf = digest(line.record!);
    const commit = commitOf(lines, at);
    commit.entries++;
    commit.rows++;
    lines.splice(at, 0, line);
    return true;
  },
  'swap two rows': (lines, next) => {
    const rows = rowsOf(lines);
    const [a, b] = [pick(rows, next), pick(rows, next)];
    if (a === b) return false;
    [lines[a], lines[b]] = [lines[b]!, lines[a]!];
    return true;
  },
  'swap two commits': (lines, next) => {
    const commits = commitsOf(lines);
    const [a, b] = [pick(commits, next), pick(commits, next)];
    if (a === b) return false;
    const [first, second] = [lines[a]!.commit!, lines[b]!.commit!];
    [first.root, second.root] = [second.root, first.root];
    return first.root !== second.root;
  },
  'forge a root': (lines, next) => {
    const commit = lines[pick(commitsOf(lines), next)]!.commit!;
    commit.root = digest(commit.root);
    return true;
  },
  'forge the time of a commit': (lines, next) => {
    lines[pick(commitsOf(lines), next)]!.commit!.committed_at_ms += 1;
    return true;
  },
  'forge the head': (lines) => {
    const header = lines[0] as { ledger: { head: string }; report: { evidence: { ledger_head: string } } };
    header.ledger.head = digest(header.ledger.head);
    header.report.evidence.ledger_head = header.ledger.head;
    return true;
  },
  'cut off the newest commit': (lines) => {
    const last = commitsOf(lines).at(-1)!;
    lines.splice(last);
    return true;
  },
  'better figures in the report': (lines, next) => {
    const { report } = lines[0] as unknown as {
      report: { tasks: { savings: { rate: number | null } }[]; savings: { rate: number | null } };
    };
    const target = next() < 0.5 ? report.savings : report.tasks[0]!.savings;
    if (target.rate === null) return false;
    target.rate += 0.00001;
    return true;
  },
};

export interface Exported {
  lines: string[];
  trusted: { size: number; head: string };
}

/** A stream of decisions and labels in a ledger in memory, and the export of its value report. */
export async function exportOf(seed: number, decisions: number): Promise<Exported> {
  const next = sequence(seed);
  const tasks = [exampleTask('moderation'), exampleTask('routing', { costOfError: next() < 0.5 ? '0.00' : '3.20' })];
  const world = new LedgerWorld({ tasks, clock: new FakeClock(NOW) });
  const audit = seed % 3 === 0 ? [0.15, 0.6] : seed % 3 === 1 ? [0.3] : [0.3, null];
  await world.record(exampleHistory(WORKSPACE, tasks, seed, { decisions, audit }), 20 + (seed % 30));
  await world.catchUp(WORKSPACE);
  const report = await world.value.report(WORKSPACE, {
    ...(seed % 2 === 0 ? { task: 'moderation' } : {}),
    ...(seed % 5 === 0 ? { from: Date.UTC(2031, 1, 3, 4) } : {}),
  });
  const lines: string[] = [];
  for await (const line of world.value.export(report, presentReport(report))) lines.push(line);
  return { lines, trusted: { size: report.evidence.size, head: report.evidence.head } };
}

async function* streamOf(lines: readonly string[]) {
  yield lines.join('');
}

export const verify = (lines: readonly string[], trusted?: Exported['trusted']): Promise<ValueVerification> =>
  verifyValueExport(streamOf(lines), { sha256, ...(trusted === undefined ? {} : { trusted }) });

/** The same attack with the whole log built anew under it: only a head kept outside tells. */
async function rebuilt(lines: readonly string[], exported: Exported): Promise<boolean> {
  const report = await verify(lines, exported.trusted);
  return report.findings.some(({ kind }) => kind === 'head');
}

/**
 * H7: alter, drop, insert or swap one row of the evidence, or forge a head. Every one has to be found, and an untouched
 * export has to verify, with every figure recomputed from its rows.
 */
export async function tampering({ seeds, decisions }: { seeds: number; decisions: number }): Promise<HonestyResult[]> {
  const found = new Map<string, { tried: number; found: number }>();
  const clean = { runs: 0, verified: 0, figures: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const exported = await exportOf(seed, decisions);
    clean.runs++;
    const untouched = await verify(exported.lines, exported.trusted);
    if (untouched.ok) clean.verified++;
    clean.figures += untouched.counted;
    const next = sequence(seed * 7919);
    for (const [name, attack] of Object.entries(ATTACKS)) {
      const lines = exported.lines.map((line) => JSON.parse(line) as Line);
      if (!attack(lines, next)) continue;
      const texts = lines.map((line) => `${JSON.stringify(line)}\n`);
      const count = found.get(name) ?? { tried: 0, found: 0 };
      found.set(name, count);
      count.tried++;
      const caught = await verify(texts).then(
        ({ ok }) => !ok,
        (error: unknown) => error instanceof NotAnExport,
      );
      if (caught) count.found++;
    }
    // Another ledger altogether, sound in itself.
    const other = await exportOf(seed + 1_000_000, decisions);
    const count = found.get('another ledger, sound in itself, against a kept head') ?? { tried: 0, found: 0 };
    found.set('another ledger, sound in itself, against a kept head', count);
    count.tried++;
    if (await rebuilt(other.lines, exported)) count.found++;
  }
  return [
    {
      test: 'H7',
      scenario: 'untouched exports verify, every figure recomputed from rows',
      runs: clean.runs,
      measured: { verified: clean.verified, rows_counted: clean.figures },
      bound: 'all',
      pass: clean.verified === clean.runs,
    },
    ...[...found].map(([scenario, { tried, found: caught }]) => ({
      test: 'H7',
      scenario,
      runs: tried,
      measured: { found: caught },
      bound: 'all',
      pass: caught === tried && tried > 0,
    })),
  ];
}
