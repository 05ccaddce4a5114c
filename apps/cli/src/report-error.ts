import { UnderstudyError } from '@understudy/client';
import { exitCodeOf, Failed, Interrupted, UsageError } from './exit-codes.ts';
import { safeJson } from './terminal/clean.ts';
import { type Piece, red, render } from './terminal/style.ts';

const hints: Record<string, string> = {
  unknown_column: 'name the columns of a foreign file: --text-column, --label-column, --attribute-columns …',
  connection_failed: 'is the server running? `understudy start` starts one, `understudy doctor` looks for the cause',
  unauthenticated: '`understudy login` stores a key; UNDERSTUDY_API_KEY or --key give one for once',
};

const MOST_PLACES = 10;

/** Says what went wrong: one line, its places if there are any, a hint; or one line of JSON. Returns the exit code. */
export function reportError(
  error: unknown,
  options: { stderr: NodeJS.WritableStream; json: boolean; colour: boolean },
): number {
  const exitCode = exitCodeOf(error);
  if (error instanceof Failed) return exitCode;
  const write = (...pieces: Piece[]) =>
    options.stderr.write(`${pieces.map((piece) => render(piece, options.colour)).join('')}\n`);
  const isApi = error instanceof UnderstudyError;
  const message = error instanceof Error ? error.message : String(error);
  const code = isApi
    ? error.code
    : error instanceof UsageError
      ? 'usage'
      : error instanceof Interrupted
        ? 'interrupted'
        : 'failed';
  // A refused import lists its rows itself, with their numbers.
  const places = isApi && (options.json || error.code !== 'examples_invalid') ? (error.problem?.errors ?? []) : [];
  const id = isApi ? error.requestId : undefined;
  if (options.json) {
    options.stderr.write(
      `${safeJson({ error: { code, detail: message, ...(isApi ? { status: error.status } : {}), ...(id === undefined ? {} : { request_id: id }), ...(places.length === 0 ? {} : { errors: places }), exit_code: exitCode } })}\n`,
    );
    return exitCode;
  }
  const facts = [...(isApi ? [code] : []), ...(id === undefined ? [] : [`request ${id}`])];
  write(red('understudy: '), message, facts.length === 0 ? '' : ` (${facts.join(', ')})`);
  // One place is in the line above already.
  if (places.length > 1) {
    for (const { pointer, detail } of places.slice(0, MOST_PLACES)) write(`  ${pointer}  ${detail}`);
    if (places.length > MOST_PLACES) write(`  … and ${places.length - MOST_PLACES} more`);
  }
  const hint = isApi ? hints[code] : undefined;
  if (hint !== undefined) write({ style: 'dim', text: `  ${hint}` });
  return exitCode;
}
