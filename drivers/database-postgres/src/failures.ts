import type { UnderstudyError } from '@understudy/kernel';
import { databaseErrors } from './errors.ts';

/** The part of a `pg` error that says what happened: SQLSTATE or a Node error code, and the constraint. */
interface Failure {
  code?: unknown;
  constraint?: unknown;
  message?: unknown;
}

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** pg's own errors have no code; these are its words for a connection that is of no use any more. */
const CONNECTION_LOST =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout exceeded when trying to connect|Cannot use a pool after calling end)/;

const SOCKET_ERROR = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** SQLSTATEs after which the session itself is gone or useless (25006: a primary that became a replica). */
const SESSION_LOST = /^(08...|57P0[1-5]|25006|25P03|25P04)$/;

/** SQLSTATEs of a healthy session on a server that cannot serve now: time limits, locks, memory, connections. */
const SERVER_BUSY = /^(57014|55P03|53200|53300|53400)$/;

/** A plan or a statement that this session remembers wrongly; a new session does not. */
const STALE_STATEMENT = /^(26000|0A000)$/;

function codeOf(error: unknown): string {
  const code = (error as Failure | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** True when the connection that raised `error` must not go back into the pool. */
export function losesConnection(error: unknown): boolean {
  const code = codeOf(error);
  if (SQLSTATE.test(code) && !SOCKET_ERROR.has(code)) return SESSION_LOST.test(code) || STALE_STATEMENT.test(code);
  return true;
}

/**
 * Turns what `pg` threw into what rooms see: `database_unavailable` for everything that a later attempt may
 * survive, `storage_full` for a full disk, and the error as it is (unique violations, bad values) otherwise.
 */
export function asDatabaseError(error: unknown): unknown {
  const code = codeOf(error);
  if (code === '53100') return storageFull(error);
  if (SQLSTATE.test(code) && !SOCKET_ERROR.has(code)) {
    return SESSION_LOST.test(code) || SERVER_BUSY.test(code) ? unavailable(error) : error;
  }
  if (SOCKET_ERROR.has(code)) return unavailable(error);
  const message = (error as Failure | null)?.message;
  return typeof message === 'string' && CONNECTION_LOST.test(message) ? unavailable(error) : error;
}

/** `database_unavailable` with its cause; the answer to "come back in a second". */
export function unavailable(cause: unknown): UnderstudyError {
  return databaseErrors.database_unavailable('The database cannot be reached at the moment.', {
    cause,
    retryAfterSeconds: 1,
  });
}

function storageFull(cause: unknown): UnderstudyError {
  return databaseErrors.storage_full('The disk of the database is full.', { cause, retryAfterSeconds: 10 });
}

/** True for SQLSTATE 23505, of this constraint or unique index when one is named. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return codeOf(error) === '23505' && (constraint === undefined || (error as Failure).constraint === constraint);
}

/** True for SQLSTATE 23503, of this constraint when one is named. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return codeOf(error) === '23503' && (constraint === undefined || (error as Failure).constraint === constraint);
}

/** True when the whole transaction may simply be run again: serialization failure (40001) or deadlock (40P01). */
export function isSerializationFailure(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}
