import { lakeErrors } from './errors.ts';

const SEGMENT = /^[a-z0-9][a-z0-9._-]{0,127}$/;

/**
 * Checks an object key: one to eight segments of `a-z 0-9 . _ -`, each starting with a letter or digit, joined by
 * `/`; at most 512 characters. So there is no `..`, no absolute path, no backslash, no escape sequence, no control
 * character, and no two keys that a case-insensitive file system takes for one. Throws `invalid_object_key`.
 */
export function checkObjectKey(key: string): string {
  const segments = typeof key === 'string' && key.length <= 512 ? key.split('/') : [];
  if (segments.length < 1 || segments.length > 8 || !segments.every((segment) => SEGMENT.test(segment))) {
    throw lakeErrors.invalid_object_key('the object key is not well formed');
  }
  return key;
}
