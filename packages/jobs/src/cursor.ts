import { isId } from '@understudy/kernel';
import { jobErrors } from './errors.ts';

/** A cursor is the last id seen, base64url so that nobody builds on its shape. */
export const cursorOf = (id: string): string => Buffer.from(id).toString('base64url');

/** @throws `invalid_cursor` */
export function positionOf(cursor: string, prefix: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!isId(prefix, id)) throw jobErrors.invalid_cursor('the cursor is not one of this list');
  return id;
}
