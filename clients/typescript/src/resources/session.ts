import type { Session as SessionBody, SessionRequest, SessionWorkspaces, SignInCode } from '../generated/api.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

/**
 * A browser's session. With `cookies: true`, the client remembers the CSRF token of each answer here and sends it
 * along with everything that follows.
 */
export class Session {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Signs in. Never repeated: a one-time code works once, even when its answer is lost. */
  async create(credential: SessionRequest, options: CallOptions = {}): Promise<SessionBody> {
    const call = { ...options, method: 'POST', path: '/v1/session', json: credential } as const;
    return this.#remember(await this.#transport.json<SessionBody>({ ...call, maxRetries: 0, withoutCsrf: true }));
  }

  /** Throws {@link Unauthenticated} when nobody is signed in. Asked afresh: takes over whatever session is active. */
  async get(options: CallOptions = {}): Promise<SessionBody> {
    const call = { ...options, method: 'GET', path: '/v1/session', withoutCsrf: true } as const;
    return this.#remember(await this.#transport.json<SessionBody>(call));
  }

  /** Signs this browser out of every workspace. */
  async end(options: CallOptions = {}): Promise<void> {
    await this.#transport.json({ ...options, method: 'DELETE', path: '/v1/session' });
    this.#transport.csrfToken = undefined;
  }

  /** The workspaces that this browser is signed in to, the active one first. */
  workspaces(options: CallOptions = {}): Promise<SessionWorkspaces> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/session/workspaces' });
  }

  /** Makes another workspace of {@link workspaces} the active one. Throw away what you have cached of the old one. */
  async switch(workspace: string, options: CallOptions = {}): Promise<SessionBody> {
    const call = { ...options, method: 'POST', path: '/v1/session/switch', json: { workspace } } as const;
    return this.#remember(await this.#transport.json<SessionBody>(call));
  }

  /** A one-time code that signs another browser in as the caller; with an API key too. */
  signInCode(options: IdempotentOptions = {}): Promise<SignInCode> {
    return this.#transport.json({
      ...options,
      method: 'POST',
      path: '/v1/session/sign-in-codes',
      idempotent: true,
    });
  }

  #remember(session: SessionBody): SessionBody {
    this.#transport.csrfToken = session.csrf_token;
    return session;
  }
}
