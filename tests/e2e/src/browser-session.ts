import assert from 'node:assert/strict';
import { type Reply, send } from './http-call.ts';

/** What a browser sends by itself and keeps: its cookie, its origin. The page adds the CSRF token. */
export class BrowserSession {
  readonly #url: string;
  /** The whole `Cookie` header; undefined = none is held. */
  cookie: string | undefined;
  csrfToken = '';

  constructor(url: string) {
    this.#url = url;
  }

  /** Signs in with a code or a key, and returns the session as the server tells it. */
  async signIn(credential: { code: string } | { api_key: string }): Promise<any> {
    const reply = await this.call('POST', '/v1/session', credential);
    assert.equal(reply.status, 201, reply.text);
    return this.remember(reply);
  }

  remember(reply: Reply): any {
    this.csrfToken = reply.json.csrf_token;
    return reply.json;
  }

  /** As the page of the dashboard would ask; `headers` replace what it would send, undefined leaves it out. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string | undefined> = {},
  ): Promise<Reply> {
    const sent: Record<string, string | undefined> = {
      Cookie: this.cookie,
      ...(method === 'GET' ? {} : { Origin: this.#url, 'X-CSRF-Token': this.csrfToken }),
      'Sec-Fetch-Site': 'same-origin',
      ...headers,
    };
    const kept = Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const call = { method, path, body, headers: Object.fromEntries(kept), timeoutMs: 10_000 };
    const reply = await send(this.#url, call);
    const [set] = reply.headers['set-cookie'] ?? [];
    if (set !== undefined) this.cookie = /Max-Age=0\b/.test(set) ? undefined : set.split(';', 1)[0];
    return reply;
  }
}
