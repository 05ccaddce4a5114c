import type { Member, MemberChange, MemberRequest, SignInCode } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

export interface ChangeOptions extends CallOptions {
  /** Only when the member is as this ETag says; else {@link StaleVersion}. */
  ifMatch?: string;
}

const pathOf = (id: string) => `/v1/members/${encodeURIComponent(id)}`;
const condition = ({ ifMatch }: ChangeOptions): Record<string, string> =>
  ifMatch === undefined ? {} : { 'if-match': ifMatch };

/** The people of the workspace. */
export class Members {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Newest first. */
  list(options: PageOptions = {}): List<Member> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path: '/v1/members', query: { limit, cursor } }),
      start,
    );
  }

  get(id: string, options: CallOptions = {}): Promise<Member> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(id) });
  }

  /** With a role up to the caller's own. */
  add(member: MemberRequest, options: IdempotentOptions = {}): Promise<Member> {
    return this.#transport.json({ ...options, method: 'POST', path: '/v1/members', json: member, idempotent: true });
  }

  /** What is absent stays as it is. Who becomes inactive is signed out everywhere within 5 s. */
  change(id: string, change: MemberChange, options: ChangeOptions = {}): Promise<Member> {
    const headers = condition(options);
    return this.#transport.json({ ...options, method: 'PATCH', path: pathOf(id), json: change, headers });
  }

  /** Signed out everywhere within 5 s; what they did stays under their id. */
  remove(id: string, options: ChangeOptions = {}): Promise<void> {
    return this.#transport.json({ ...options, method: 'DELETE', path: pathOf(id), headers: condition(options) });
  }

  /** A one-time code that signs the member in: `path` behind the server's address is the link to send them. */
  signInCode(id: string, options: IdempotentOptions = {}): Promise<SignInCode> {
    return this.#transport.json({
      ...options,
      method: 'POST',
      path: `${pathOf(id)}/sign-in-codes`,
      idempotent: true,
    });
  }
}
