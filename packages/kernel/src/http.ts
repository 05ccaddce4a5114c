import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Who is calling. The workspace follows from the credential, never from the request. */
export interface Principal {
  /** `system`: a part of the platform itself, which no credential stands for and which makes no request. */
  kind: 'operator' | 'api_key' | 'member' | 'system';
  /** Empty for the operator, who belongs to no workspace. */
  workspace: string;
  /** Id of the API key or of the member, or `operator`; of the system which part of it: `monitor`, `policy`, … */
  id: string;
  scopes: ReadonlySet<string>;
  /** Of a member, or of the key behind a session; absent where a key was sent itself. */
  name?: string;
  /** Of a member. */
  role?: string;
  /** Id of the browser's session, when the request came with its cookie. */
  session?: string;
}

/**
 * Who acts outside of a request: the key or member for whom work goes on, else a part of the system itself. Without
 * scopes: what they may was checked when it was asked for.
 *
 * @param id as in {@link Principal}
 */
export function actingFor(workspace: string, id: string): Principal {
  const kind = id.startsWith('key_') ? 'api_key' : id.startsWith('mem_') ? 'member' : 'system';
  return { kind: id === 'operator' ? id : kind, workspace, id, scopes: new Set() };
}

/**
 * Who may call a route. A route without a policy does not boot.
 * - `public`: anybody, no credential looked at.
 * - `operator`: the operator key only.
 * - `scope`: a credential that holds this scope, e.g. `tasks:write`.
 * - `authenticated`: any valid credential of a workspace.
 */
export type RoutePolicy =
  | { kind: 'public' }
  | { kind: 'operator' }
  | { kind: 'authenticated' }
  | { kind: 'scope'; scope: string };

/** What every route states in Fastify's `config`. */
export interface RouteConfig {
  policy: RoutePolicy;
  /**
   * How `Idempotency-Key` is honoured: `stored` = the server keeps the first response and replays it;
   * `own` = the use case deduplicates by itself (predictions: in the ledger's own transaction);
   * absent = the route neither creates nor decides.
   */
  idempotency?: 'stored' | 'own';
  /** The body is not parsed: the handler reads `request.raw`/`request.body` as a stream (imports). */
  streamed?: boolean;
}

/** A room's HTTP edge: parse → use case → present. */
export type RoutePlugin = (app: FastifyInstance) => void;

declare module 'fastify' {
  interface FastifyContextConfig extends Partial<RouteConfig> {}
  interface FastifySchema {
    /** One line for the OpenAPI document. */
    summary?: string;
    description?: string;
    /** Content types other than JSON that the body may have (streamed routes). */
    consumes?: readonly string[];
    /** Content types other than JSON that the answer may have. */
    produces?: readonly string[];
  }
  interface FastifyRequest {
    /** Set by the server's authentication hook on every route whose policy is not `public`. */
    principal: Principal;
    /** Aborted when the client goes away. */
    aborted: AbortSignal;
  }
}

export type { FastifyRequest };
