import type { DeadLetter } from '@understudy/client';

/**
 * What of a letter can be changed before it is sent again: of a job’s letter the item’s `input`, of any other its whole
 * content; as text to be edited. Null: its bytes are no text, or are gone.
 */
export function editableOf(letter: Pick<DeadLetter, 'origin' | 'body'>): string | null {
  if (letter.body === null || letter.body.encoding !== 'text') return null;
  const { data } = letter.body;
  const parsed = parse(data);
  if (letter.origin.kind !== 'job') return parsed === undefined ? data : JSON.stringify(parsed, null, 2);
  if (typeof parsed !== 'object' || parsed === null || !('input' in parsed)) return null;
  return JSON.stringify(parsed.input, null, 2);
}

export interface Edit {
  /** What is sent; undefined = what was written cannot be sent. */
  input: unknown;
  problem: string | null;
}

/** What was written, as it is sent. A job’s input is JSON; other content may be any text. */
export function editOf(letter: Pick<DeadLetter, 'origin'>, text: string): Edit {
  const parsed = parse(text);
  if (parsed !== undefined) return { input: parsed, problem: null };
  if (letter.origin.kind !== 'job' && text.trim() !== '') return { input: text, problem: null };
  return { input: undefined, problem: 'This is not JSON: perhaps a quotation mark or a comma is missing.' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
