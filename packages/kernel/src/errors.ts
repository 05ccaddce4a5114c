/** One wrong place in a request body. `pointer` is an RFC 6901 JSON pointer into it. */
export interface FieldProblem {
  pointer: string;
  code: string;
  detail: string;
}

export interface ErrorDefinition {
  /** One short, stable sentence: the RFC 9457 `title`. */
  title: string;
  /** What it means and what to do; goes into docs/reference/errors.md. */
  description: string;
  /** Whether the same request may succeed later without being changed. */
  retryable: boolean;
}

export type ErrorCatalogue = Readonly<Record<string, ErrorDefinition>>;

export interface ErrorOptions {
  cause?: unknown;
  /** Public facts about the failure. Shown to the caller: no SQL, no stack, no internal name. */
  details?: Record<string, unknown>;
  problems?: FieldProblem[];
  /** Seconds until a retry makes sense. */
  retryAfterSeconds?: number;
}

/**
 * An error that the domain knows by a stable code. Which HTTP status a code gets is decided once, at the edge
 * (apps/server); a code is never reused for another meaning.
 */
export class UnderstudyError extends Error {
  readonly code: string;
  readonly title: string;
  readonly retryable: boolean;
  readonly details: Record<string, unknown>;
  readonly problems: FieldProblem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, definition: ErrorDefinition, detail: string, options: ErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UnderstudyError';
    this.code = code;
    this.title = definition.title;
    this.retryable = definition.retryable;
    this.details = options.details ?? {};
    this.problems = options.problems ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export function isUnderstudyError(error: unknown): error is UnderstudyError {
  return error instanceof UnderstudyError;
}

type Factory = (detail: string, options?: ErrorOptions) => UnderstudyError;

/**
 * Declares a room's error codes once; returns the catalogue (for the docs) and one factory a code.
 *
 * @example
 * export const lakeErrors = defineErrors({ object_not_found: { title: '…', description: '…', retryable: false } });
 * throw lakeErrors.object_not_found(`no object ${key}`);
 */
export function defineErrors<const C extends ErrorCatalogue>(
  catalogue: C,
): { readonly [K in keyof C]: Factory } & { readonly catalogue: C } {
  const factories: Record<string, unknown> = { catalogue };
  for (const [code, definition] of Object.entries(catalogue)) {
    factories[code] = (detail: string, options?: ErrorOptions) =>
      new UnderstudyError(code, definition, detail, options);
  }
  return factories as { readonly [K in keyof C]: Factory } & { readonly catalogue: C };
}
