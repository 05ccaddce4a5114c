import { DuplicateGroups } from '@understudy/lake';
import { binomialUpperTail, uniform } from '@understudy/statistics';
import { textFingerprint } from '@understudy/text';
import { assignCertify, fingerprintOf, fitCertificate, type ScoredCertifyRow } from '@understudy/training';
import type { HonestyResult } from './result.ts';

export interface H2Options {
  splits: number;
  texts: number;
  seed: number;
}

export const H2_FULL: H2Options = { splits: 200, texts: 1500, seed: 1 };

const BUDGET = { maxError: 0.05, confidence: 0.95 };
const SAMPLING = { imports: 'random_sample', since: null, sinceShift: false } as const;
/** How often the model is wrong about a text that it has not met; one that it has met, in other letters, it knows by heart. */
const ERROR = 0.2;
const COPIES = 3;

const WORDS =
  'harbour violin cactus ledger meadow turbine pigeon marble lantern walnut copper velvet glacier pepper anchor saddle'.split(
    ' ',
  );

interface Row {
  text: string;
  /** Which text this is a copy of. */
  original: number;
}

/**
 * H2: near-duplicates planted across the split. The model learns by heart: it is always right about a text of which it
 * has met a copy, and often wrong about a new one, with the same confidence. Traffic is new texts. With the platform's
 * grouping a certificate must not be had; without it the same harness issues certificates that are broken.
 */
export function nearDuplicates({ splits, texts, seed }: H2Options = H2_FULL): HonestyResult[] {
  const random = uniform(seed);
  const grouped = { certified: 0, found: 0, planted: 0 };
  const ungrouped = { certified: 0, leaked: 0, rows: 0 };
  for (let split = 0; split < splits; split++) {
    const rows = plant(random, texts);
    const groups = groupsOf(rows);
    const firsts = new Map<number, number>();
    for (const [i, { original }] of rows.entries()) {
      const first = firsts.get(original);
      if (first === undefined) firsts.set(original, i);
      else {
        grouped.planted++;
        if (groups[first] === groups[i]) grouped.found++;
      }
    }
    const key = `split ${split}`;
    if (certified(rows, groups, key, random).issued) grouped.certified++;
    const alone = certified(
      rows,
      Int32Array.from(rows, (_, i) => i),
      key,
      random,
    );
    if (alone.issued) ungrouped.certified++;
    ungrouped.leaked += alone.leaked;
    ungrouped.rows += alone.rows;
  }
  const share = (part: number, whole: number) => `${Number(((100 * part) / Math.max(1, whole)).toFixed(2))} %`;
  // The model's true error is four times the budget at every threshold: any certificate is a broken promise.
  const holds = binomialUpperTail(splits, grouped.certified, 1 - BUDGET.confidence) >= 0.001;
  return [
    {
      test: 'H2',
      scenario: 'near-duplicates across the split, grouped as the platform does',
      runs: splits,
      measured: {
        broken: share(grouped.certified, splits),
        planted_pairs_found: share(grouped.found, grouped.planted),
      },
      bound: 'at most 5 % broken; at least 99 % of the planted pairs found',
      pass: holds && grouped.found >= 0.99 * grouped.planted,
    },
    {
      test: 'H2',
      scenario: 'the same rows without grouping',
      runs: splits,
      measured: {
        broken: share(ungrouped.certified, splits),
        certify_rows_with_a_copy_in_the_fit: share(ungrouped.leaked, ungrouped.rows),
      },
      bound: 'shows the broken promise: more than half broken',
      pass: ungrouped.certified > splits / 2,
    },
  ];
}

/** Texts, each with copies that differ in case, punctuation and a last word. */
function plant(random: () => number, texts: number): Row[] {
  const pick = () => WORDS[Math.floor(random() * WORDS.length)]!;
  const rows: Row[] = [];
  for (let original = 0; original < texts; original++) {
    const words = Array.from({ length: 24 }, () => `${pick()}${Math.floor(random() * 100)}`);
    for (let copy = 0; copy <= COPIES; copy++) {
      const text =
        copy === 0
          ? words.join(' ')
          : copy === 1
            ? `${words.join('  ').toUpperCase()}!`
            : `${words.slice(0, -1).join(', ')} ${pick()}${copy}.`;
      rows.push({ text, original });
    }
  }
  return rows;
}

function groupsOf(rows: readonly Row[]): Int32Array {
  const groups = new DuplicateGroups();
  for (const { text } of rows) {
    const { exact, signature } = textFingerprint(text);
    groups.add([exact], signature);
  }
  return groups.finish().groups;
}

/** Splits by these groups, "trains" and certifies; also how many certify rows have a copy among the fitted ones. */
function certified(rows: readonly Row[], groups: Int32Array, key: string, random: () => number) {
  const split = rows.map(({ text }, i) => ({
    label: 0,
    group: String(groups[i]),
    fingerprint: fingerprintOf(`${text} ${groups[i]}`),
    occurredAt: null,
  }));
  const { certify } = assignCertify(split, key);
  const met = new Set<number>();
  for (const [i, { original }] of rows.entries()) if (!certify[i]) met.add(original);
  let leaked = 0;
  const scored: ScoredCertifyRow[] = [];
  for (const [i, { original }] of rows.entries()) {
    if (!certify[i]) continue;
    const byHeart = met.has(original);
    if (byHeart) leaked++;
    const wrong = !byHeart && random() < ERROR;
    const score = Math.round((0.5 + random() / 2) * 1e6) / 1e6;
    scored.push({ score, wrong, group: groups[i]!, probability: null, source: 'import', occurredAt: null });
  }
  // What the trainer held out is split by the same groups: it knows these by heart as well, or as little.
  const tune = scored.map(() => ({
    score: Math.round((0.5 + random() / 2) * 1e6) / 1e6,
    right: leaked > scored.length / 2 || random() >= ERROR,
  }));
  const { status } = fitCertificate(scored, BUDGET, { tune, sampling: SAMPLING });
  return { issued: status === 'certified', leaked, rows: scored.length };
}
