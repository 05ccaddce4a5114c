import assert from 'node:assert/strict';
import { eventually } from './eventually.ts';
import { type Call, type Reply, send } from './http-call.ts';
import type { ServerProcess } from './server-process.ts';

type Options = Omit<Call, 'path' | 'method' | 'body'>;

/** Settings of a task that is trained when a test says so, and never begins a run by itself in between. */
export const trainedByHand = {
  retraining: { mode: 'off', min_new_labels: 50, min_new_share: 0.1, min_hours_between: 0 },
} as const;

/** One workspace seen through one of its keys. Follows the server when that is started again on another port. */
export class Workspace {
  readonly id: string;
  readonly key: string;
  readonly keyId: string;
  readonly #url: () => string;

  constructor(url: () => string, facts: { id: string; key: string; keyId: string }) {
    this.#url = url;
    this.id = facts.id;
    this.key = facts.key;
    this.keyId = facts.keyId;
  }

  call(method: string, path: string, body?: unknown, options: Options = {}): Promise<Reply> {
    return send(this.#url(), { key: this.key, ...options, method, path, body });
  }

  get(path: string, options?: Options): Promise<Reply> {
    return this.call('GET', path, undefined, options);
  }

  post(path: string, body?: unknown, options?: Options): Promise<Reply> {
    return this.call('POST', path, body, options);
  }

  put(path: string, body?: unknown, options?: Options): Promise<Reply> {
    return this.call('PUT', path, body, options);
  }

  delete(path: string, options?: Options): Promise<Reply> {
    return this.call('DELETE', path, undefined, options);
  }

  /** The same workspace through another key. */
  withKey(key: string, keyId: string): Workspace {
    return new Workspace(this.#url, { id: this.id, key, keyId });
  }

  /** A text task with these labels. */
  async makeTask(slug: string, labels: readonly string[], more: object = {}): Promise<any> {
    const body = { kind: 'text_classification', labels: labels.map((name) => ({ name })), ...more };
    const reply = await this.put(`/v1/tasks/${slug}`, body);
    assert.equal(reply.status, 201, reply.text);
    return reply.json;
  }

  async import(slug: string, examples: readonly { input: { text: string }; label: string }[]): Promise<any> {
    const body = examples.map((example) => JSON.stringify(example)).join('\n');
    const reply = await this.post(`/v1/tasks/${slug}/examples`, body, {
      headers: { 'Content-Type': 'application/x-ndjson' },
    });
    assert.equal(reply.status, 200, reply.text);
    return reply.json;
  }

  /** Starts a run and returns it when it has ended, whichever way. */
  async train(slug: string, request: object = {}, patienceMs = 60_000): Promise<any> {
    const started = await this.post(`/v1/tasks/${slug}/training-runs`, request);
    assert.equal(started.status, 202, started.text);
    return this.runEnd(started.json.id, patienceMs);
  }

  async runEnd(id: string, patienceMs = 60_000): Promise<any> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const { json } = await this.get(`/v1/training-runs/${id}`);
      if (['succeeded', 'failed', 'cancelled'].includes(json?.status)) return json;
      assert.ok(Date.now() < deadline, `the run did not end: ${JSON.stringify(json)}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** Every decision of the workspace, through all pages. */
  async decisions(query = ''): Promise<any[]> {
    const all: any[] = [];
    for (let cursor = ''; ; ) {
      const page = await this.get(`/v1/decisions?limit=200${query}${cursor}`);
      assert.equal(page.status, 200, page.text);
      all.push(...page.json.data);
      if (page.json.next_cursor === null) return all;
      cursor = `&cursor=${encodeURIComponent(page.json.next_cursor)}`;
    }
  }

  /** The report of `GET /v1/ledger/verify`. */
  async verifyLedger(query = ''): Promise<any> {
    const reply = await this.get(`/v1/ledger/verify${query}`);
    assert.equal(reply.status, 200, reply.text);
    return JSON.parse(reply.text.trim().split('\n').at(-1)!).report;
  }
}

/** A new workspace with its first key, which holds every scope. */
export async function makeWorkspace(
  server: ServerProcess | (() => ServerProcess),
  operatorKey: string,
  name = 'Test',
  more: { demo?: boolean } = {},
): Promise<Workspace> {
  const url = () => (typeof server === 'function' ? server() : server).url;
  // A machine that is busy starting many servers may turn a first request away, as it would any client's.
  const reply = await eventually('a workspace is made', async () => {
    const made = await send(url(), {
      method: 'POST',
      path: '/v1/workspaces',
      key: operatorKey,
      body: { name, ...more },
    });
    return made.status === 503 ? null : made;
  });
  assert.equal(reply.status, 201, reply.text);
  const { workspace, key } = reply.json;
  return new Workspace(url, { id: workspace.id, key: key.secret, keyId: key.id });
}
