import {
  ConnectionFailed,
  Forbidden,
  NotFound,
  TimeLimitExceeded,
  Unauthenticated,
  UnderstudyError,
} from '@understudy/client';

/** What the process ends with. Part of the interface: scripts rely on them. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  auth: 4,
  unavailable: 5,
  interrupted: 130,
} as const;

export const EXIT_HELP = `Exit codes:
  0    ok
  1    the command failed
  2    the command was not understood (unknown option, missing argument, unreadable file)
  3    the task, model, decision … does not exist
  4    the key is missing, unknown, expired or lacks a scope
  5    the server cannot be reached, is overloaded or did not answer in time
  130  interrupted (Ctrl-C)`;

/** The command was given something that it cannot use. */
export class UsageError extends Error {}

/** The command did its work and the answer is bad, e.g. a damaged ledger: the message has been printed already. */
export class Failed extends Error {}

/** The user asked to stop. */
export class Interrupted extends Error {}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof Interrupted) return EXIT.interrupted;
  if (error instanceof NotFound) return EXIT.notFound;
  if (error instanceof Unauthenticated || error instanceof Forbidden) return EXIT.auth;
  if (error instanceof ConnectionFailed || error instanceof TimeLimitExceeded) return EXIT.unavailable;
  if (error instanceof UnderstudyError && [429, 502, 503, 504].includes(error.status)) return EXIT.unavailable;
  return EXIT.failure;
}
