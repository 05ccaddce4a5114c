import { decisionsErrors } from '@understudy/decisions';
import type { UnderstudyError } from '@understudy/kernel';
import { httpErrors } from './errors.ts';

/** No body of ours is nested deeper; a hostile one would overflow whatever walks it recursively. */
const MAX_DEPTH = 64;
/** Escapes that may stand for what PostgreSQL cannot keep: U+0000, or half of a surrogate pair. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

const storable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
const escapePointer = (segment: string): string => segment.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');

function mayBeDeep(raw: string): boolean {
  if (raw.length <= 2 * MAX_DEPTH) return false;
  let open = 0;
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if ((code === 0x5b || code === 0x7b) && ++open > MAX_DEPTH) return true;
  }
  return false;
}

/**
 * What JSON allows and we cannot keep: texts with U+0000 or an unpaired surrogate, keys too, and nesting without end.
 * Looks at the value only when the raw text gives a reason to. Null when all is well.
 */
export function strangeJson(raw: string, value: unknown): UnderstudyError | null {
  if (!SUSPICIOUS.test(raw) && !mayBeDeep(raw)) return null;
  const stack: { value: unknown; pointer: string; depth: number }[] = [{ value, pointer: '', depth: 0 }];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (item.depth > MAX_DEPTH) return httpErrors.invalid_json(`the body is nested deeper than ${MAX_DEPTH} levels`);
    if (typeof item.value === 'string') {
      if (!storable(item.value)) return invalidText(item.pointer);
    } else if (typeof item.value === 'object' && item.value !== null) {
      for (const [key, child] of Object.entries(item.value)) {
        const pointer = `${item.pointer}/${escapePointer(key)}`;
        if (!storable(key)) return invalidText(pointer);
        stack.push({ value: child, pointer, depth: item.depth + 1 });
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
