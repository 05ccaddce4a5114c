import assert from 'node:assert/strict';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { eventually, type Workspace } from '@understudy/e2e';

type Entry = { attempt: string; items: number } | { ack: string; id: string };

/**
 * A client that hands jobs over, writes every attempt and every acknowledgement to its own log, fsynced, and
 * afterwards holds the server to it: what was acknowledged ended, each item was decided once, nothing else was.
 */
export class JobOracle {
  readonly statuses = new Map<string, number>();
  acknowledged = 0;
  readonly #file: string;
  readonly #log: number;
  readonly #workspace: Workspace;
  readonly #prefix: string;

  constructor(workspace: Workspace, logFile: string, prefix: string) {
    this.#workspace = workspace;
    this.#file = logFile;
    this.#log = openSync(logFile, 'a');
    this.#prefix = prefix;
  }

  #note(entry: Entry): void {
    writeSync(this.#log, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#log);
  }

  /** Hands over `count` jobs, every tenth with 20 items, each under a key of its own, and repeats each until it is accepted. */
  async hand(
    task: string,
    count: number,
    { concurrency = 16, patienceMs = 90_000, more = {}, texts = [] as readonly string[] } = {},
  ): Promise<void> {
    const deadline = Date.now() + patienceMs;
    let next = 0;
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (next < count) {
          const index = next++;
          const name = `${this.#prefix}-${index}`;
          const items = index % 10 === 9 ? 20 : 1;
          this.#note({ attempt: name, items });
          const text = texts[index] ?? `words of ${name}`;
          await this.#until(name, this.#bodyOf(task, name, text, items, more), deadline);
        }
      }),
    );
  }

  #bodyOf(task: string, name: string, text: string, items: number, more: object): object {
    const item = (i: number) => ({ input: { text }, external_id: `${name}.${i}` });
    if (items === 1) return { task, ...item(0), ...more };
    return { task, items: Array.from({ length: items }, (_, i) => item(i)), ...more };
  }

  async #until(name: string, body: object, deadline: number): Promise<void> {
    for (;;) {
      assert.ok(Date.now() < deadline, `${name} was not accepted in time: ${JSON.stringify([...this.statuses])}`);
      const reply = await this.#workspace
        .post('/v1/jobs', body, { headers: { 'Idempotency-Key': name }, timeoutMs: 20_000 })
        .catch(() => null);
      const status = reply === null ? 'cut' : String(reply.status);
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      if (reply?.status === 202) {
        this.#note({ ack: name, id: reply.json.id });
        this.acknowledged++;
        return;
      }
      if (reply !== null && ![409, 429, 503].includes(reply.status)) assert.fail(`${name}: ${reply.text}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** Every job of the workspace, through all pages. */
  jobs(query = ''): Promise<any[]> {
    return this.#all(`/v1/jobs?limit=200${query}`);
  }

  async #all(path: string): Promise<any[]> {
    const all: any[] = [];
    for (let cursor = ''; ; ) {
      // A machine that is busy with other tests may turn a reader away, as it would any client.
      const page = await eventually(path, async () => {
        const reply = await this.#workspace.get(`${path}${cursor}`);
        return reply.status === 503 ? null : reply;
      });
      assert.equal(page.status, 200, page.text);
      all.push(...page.json.data);
      if (page.json.next_cursor === null) return all;
      cursor = `&cursor=${encodeURIComponent(page.json.next_cursor)}`;
    }
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drained(patienceMs = 120_000): Promise<void> {
    await eventually(
      'all jobs have ended',
      async () => {
        const { json, status } = await this.#workspace.get('/v1/jobs/queues');
        return status === 200 && json.data.length === 0;
      },
      patienceMs,
    );
  }

  /** lost, duplicate and phantom are all 0; every job that was acknowledged has ended as `expected`. */
  async settle(expected: 'succeeded' | 'failed' = 'succeeded'): Promise<void> {
    closeSync(this.#log);
    const attempts = new Map<string, number>();
    const acks = new Map<string, string>();
    for (const line of readFileSync(this.#file, 'utf8').trim().split('\n')) {
      const entry = JSON.parse(line) as Entry;
      if ('attempt' in entry) attempts.set(entry.attempt, entry.items);
      else acks.set(entry.ack, entry.id);
    }
    const jobs = new Map((await this.jobs()).map((job) => [job.id, job]));
    const unfinished = [...acks]
      .map(([name, id]) => [name, jobs.get(id)?.status, jobs.get(id)?.error?.code])
      .filter(([, status]) => status !== expected);
    const rows = new Map<string, number>();
    for (const { external_id: name } of await this.#all('/v1/decisions?limit=200')) {
      if (name?.startsWith(`${this.#prefix}-`)) rows.set(name, (rows.get(name) ?? 0) + 1);
    }
    const wanted = [...acks.keys()].flatMap((name) =>
      Array.from({ length: attempts.get(name)! }, (_, i) => `${name}.${i}`),
    );
    const lost = wanted.filter((name) => !rows.has(name));
    const duplicates = [...rows].filter(([, count]) => count > 1).map(([name]) => name);
    const phantoms = [...rows.keys()].filter((name) => !attempts.has(name.split('.')[0]!));
    assert.deepEqual(
      { unfinished, lost, duplicates, phantoms },
      { unfinished: [], lost: [], duplicates: [], phantoms: [] },
    );
    assert.equal(acks.size, this.acknowledged);
    // A key that was sent again made no second job.
    assert.equal([...jobs.values()].length >= acks.size, true);
    assert.equal(new Set(acks.values()).size, acks.size);
    const report = await this.#workspace.verifyLedger();
    assert.equal(report.ok, true, JSON.stringify(report.found));
  }
}
