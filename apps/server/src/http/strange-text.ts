import { decisionsErrors } from '@understudy/decisions';
import type { UnderstudyError } from '@understudy/kernel';
import { httpErrors } from './errors.ts';

/** No body of ours is nested deeper; a hostile one would overflow whatever walks it recursively. */
const MAX_DEPTH = 64;
/** Escapes that may stand for what PostgreSQL cannot keep: U+0000, or half of a surrogate pair. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

const storable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
const escapePointer = (segment: string): string => segment.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');

/** Whether well-formed JSON is nested deeper than {@link MAX_DEPTH}. Brackets inside its strings do not count. */
function isDeep(raw: string): boolean {
  if (raw.length <= 2 * MAX_DEPTH) return false;
  let depth = 0;
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if (code === 0x22) i = endOfString(raw, i);
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}

/** Where the string that begins at `start` ends: a quote behind an even number of backslashes. */
function endOfString(raw: string, start: number): number {
  let end = raw.indexOf('"', start + 1);
  for (; end !== -1; end = raw.indexOf('"', end + 1)) {
    let before = end - 1;
    while (raw.charCodeAt(before) === 0x5c) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return raw.length;
}

/**
 * What JSON allows and we cannot keep: texts with U+0000 or an unpaired surrogate, keys too, and nesting without end.
 * Looks at the value only when the raw text gives a reason to. Null when all is well.
 */
export function strangeJson(raw: string, value: unknown): UnderstudyError | null {
  if (isDeep(raw)) return httpErrors.invalid_json(`the body is nested deeper than ${MAX_DEPTH} levels`);
  if (!SUSPICIOUS.test(raw)) return null;
  const stack: { value: unknown; pointer: string }[] = [{ value, pointer: '' }];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (typeof item.value === 'string') {
      if (!storable(item.value)) return invalidText(item.pointer);
    } else if (typeof item.value === 'object' && item.value !== null) {
      for (const [key, child] of Object.entries(item.value)) {
        const pointer = `${item.pointer}/${escapePointer(key)}`;
        if (!storable(key)) return invalidText(pointer);
        stack.push({ value: child, pointer });
      }
    }
  }
  return null;
}

function invalidText(pointer: string): UnderstudyError {
  const detail = 'holds an unpaired surrogate or the character U+0000';
  return decisionsErrors.invalid_text(`body ${pointer} ${detail}`, {
    problems: [{ pointer, code: 'invalid_text', detail }],
  });
}

/** U+0000 in a path names nothing; in a query it is no value that anything could have. */
export function nulProblem(params: unknown, query: unknown): UnderstudyError | null {
  for (const value of Object.values((params ?? {}) as Record<string, unknown>)) {
    if (typeof value === 'string' && value.includes('\0')) return httpErrors.not_found('no such resource');
  }
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    if (typeof value !== 'string' || !value.includes('\0')) continue;
    const pointer = `/${escapePointer(name)}`;
    return httpErrors.invalid_body(`query ${pointer} holds the character U+0000`, {
      problems: [{ pointer, code: 'invalid_text', detail: 'holds the character U+0000' }],
    });
  }
  return null;
}
