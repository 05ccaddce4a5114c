import type { Tx } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';
import { placesOf } from '../search/signature.ts';
import { foldText, holdsAll } from '../search/text-terms.ts';
import { maySet } from './example-signatures.ts';

/** Signatures that one statement follows; those that reach over where it begins come on top. */
const SPANS = 4;
/** Characters of texts that one statement fetches, about. */
const FETCHED = 1_000_000;
const FEWEST_ROWS = 100;
const MOST_ROWS = 2_000;
/** What one page may cost; with fewer hits by then it is short, and its cursor goes on. */
const MOST = { statements: 16, rows: 16_000, characters: 4_000_000 };

interface Step {
  horizon: string | null;
  id: string | null;
  input: Record<string, string> | null;
}

/**
 * Ids of the examples whose texts hold every term, from the id `from` on, in order; at most `limit`. `next`: from where
 * the search goes on; null when nothing is left.
 */
export async function searchExamples(
  tx: Tx,
  search: {
    workspace: string;
    taskId: string;
    terms: readonly string[];
    from: string;
    limit: number;
    /** What else a row `e` has to be. */
    condition: RawBuilder<unknown>;
  },
): Promise<{ ids: string[]; next: string | null }> {
  const places = [...new Set(search.terms.flatMap(placesOf))];
  const condition = sql`${search.condition} AND ${mayHold(search.terms)}`;
  const ids: string[] = [];
  const looked = { rows: 0, characters: 0 };
  let { from } = search;
  let most = FEWEST_ROWS;
  for (let statements = 1; ; statements++) {
    const { rows } = await step({ ...search, condition, places, from, most }).execute(tx);
    const found = rows.filter((row): row is Step & { id: string; input: Record<string, string> } => row.id !== null);
    let characters = 0;
    for (const { id, input } of found) {
      const texts = Object.values(input).map(foldText);
      for (const text of texts) characters += text.length;
      if (!holdsAll(texts, search.terms)) continue;
      ids.push(id);
      if (ids.length === search.limit) return { ids, next: after(id) };
    }
    looked.rows += found.length;
    looked.characters += characters;
    const { horizon } = rows[0]!;
    if (found.length === most) from = after(found.at(-1)!.id);
    else if (horizon === null) return { ids, next: null };
    else from = horizon;
    if (statements >= MOST.statements || looked.rows >= MOST.rows || looked.characters >= MOST.characters) {
      return { ids, next: from };
    }
    const fitting = Math.floor((FETCHED * (found.length + 1)) / (characters + 1));
    most = Math.max(1, Math.min(MOST_ROWS, 2 * most, fitting));
  }
}

/** The first text that is greater than an id: ids are equally long. */
export const after = (id: string): string => `${id}0`;

/**
 * Leaves rows out that cannot hold the longest plain term, before they are sent. Only of what is ASCII the database's
 * idea of lower case is ours; whatever else a row holds, it is sent.
 */
function mayHold(terms: readonly string[]): RawBuilder<unknown> {
  const [longest] = terms.filter((term) => /^[!#-[\]-~]+$/.test(term)).sort((a, b) => b.length - a.length);
  if (longest === undefined) return sql`true`;
  return sql`(octet_length(e.input::text) <> char_length(e.input::text)
              OR strpos(lower(e.input::text COLLATE "C"), ${longest}) > 0)`;
}

/**
 * Candidates in order: rows of the next signatures that may hold the terms, and those that have no signature yet. One
 * statement sees one moment, in which every row is one or the other. Beyond `horizon` nothing has been looked at.
 */
function step(search: {
  workspace: string;
  taskId: string;
  places: readonly number[];
  from: string;
  most: number;
  condition: RawBuilder<unknown>;
}): RawBuilder<Step> {
  const { workspace, taskId, places, from, most, condition } = search;
  const mine = (table: string) => sql`${sql.ref(`${table}.workspace_id`)} = ${workspace}
    AND ${sql.ref(`${table}.task_id`)} = ${taskId}`;
  return sql<Step>`
    WITH ahead AS MATERIALIZED (
      SELECT first_id, last_id FROM lake.example_signatures AS s
       WHERE ${mine('s')} AND s.first_id >= ${from} AND ${maySet(places)} ORDER BY s.first_id LIMIT ${SPANS + 1}
    ), border AS MATERIALIZED (
      SELECT (SELECT first_id FROM ahead ORDER BY first_id OFFSET ${SPANS}) AS horizon
    ), spans AS (
      SELECT first_id, last_id FROM ahead
      UNION ALL
      SELECT first_id, last_id FROM lake.example_signatures AS s
       WHERE ${mine('s')} AND s.first_id < ${from} AND s.last_id >= ${from} AND ${maySet(places)}
    ), candidates AS (
      SELECT row.id, row.input FROM border, spans CROSS JOIN LATERAL (
        SELECT e.id, e.input FROM lake.examples AS e
         WHERE ${mine('e')} AND e.id >= spans.first_id AND e.id <= spans.last_id AND e.id >= ${from}
           AND (border.horizon IS NULL OR e.id < border.horizon) AND ${condition}
         ORDER BY e.id LIMIT ${most}) AS row
      UNION ALL (
        SELECT e.id, e.input FROM border, lake.example_unsigned AS u
          JOIN lake.examples AS e ON e.task_id = u.task_id AND e.id = u.id
         WHERE ${mine('u')} AND ${mine('e')} AND u.id >= ${from}
           AND (border.horizon IS NULL OR u.id < border.horizon) AND ${condition}
         ORDER BY u.id LIMIT ${most})
    )
    SELECT border.horizon, c.id, c.input FROM border
      LEFT JOIN (SELECT DISTINCT ON (id) id, input FROM candidates ORDER BY id LIMIT ${most}) AS c ON true
     ORDER BY c.id`;
}
