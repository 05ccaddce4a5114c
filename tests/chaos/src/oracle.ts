import assert from 'node:assert/strict';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Reply, Workspace } from '@understudy/e2e';

interface Attempt {
  attempt: string;
}
interface Acknowledged {
  ack: string;
  id: string;
}

/**
 * A client that writes every attempt and every acknowledgement to its own log, fsynced, and afterwards holds the
 * server to it. A time-out or a cut connection counts as either.
 */
export class Oracle {
  /** How often each status came, `cut` for no answer. */
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

  #note(entry: Attempt | Acknowledged): void {
    writeSync(this.#log, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#log);
  }

  /** Predicts `count` items, each under a key of its own, and repeats each until it is answered. */
  async predict(task: string, count: number, { concurrency = 16, patienceMs = 90_000 } = {}): Promise<void> {
    const deadline = Date.now() + patienceMs;
    let next = 0;
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (next < count) {
          const name = `${this.#prefix}-${next++}`;
          this.#note({ attempt: name });
          await this.#until(task, name, deadline);
        }
      }),
    );
  }

  async #until(task: string, name: string, deadline: number): Promise<void> {
    for (;;) {
      assert.ok(Date.now() < deadline, `${name} was not answered in time: ${JSON.stringify([...this.statuses])}`);
      const reply = await this.#once(task, name);
      if (reply?.status === 200) {
        assert.equal(reply.json.external_id, name);
        this.#note({ ack: name, id: reply.json.id });
        this.acknowledged++;
        return;
      }
      if (reply !== null && ![409, 429, 503].includes(reply.status)) {
        assert.fail(`${name}: ${reply.status} ${reply.text}`);
      }
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  async #once(task: string, name: string): Promise<Reply | null> {
    const body = { input: { text: `words of ${name}` }, external_id: name };
    const reply = await this.#workspace
      .post(`/v1/predict/${task}`, body, { headers: { 'Idempotency-Key': name }, timeoutMs: 20_000 })
      .catch(() => null);
    const status = reply === null ? 'cut' : String(reply.status);
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    return reply;
  }

  /** lost = acknowledged and not there, duplicate = there more than once, phantom = never attempted. All are 0. */
  async settle(): Promise<void> {
    closeSync(this.#log);
    const attempts = new Set<string>();
    const acks = new Map<string, string>();
    for (const line of readFileSync(this.#file, 'utf8').trim().split('\n')) {
      const entry = JSON.parse(line) as Attempt | Acknowledged;
      if ('attempt' in entry) attempts.add(entry.attempt);
      else acks.set(entry.ack, entry.id);
    }
    const rows = new Map<string, string[]>();
    for (const { external_id, id } of await this.#workspace.decisions()) {
      if (external_id?.startsWith(`${this.#prefix}-`)) rows.set(external_id, [...(rows.get(external_id) ?? []), id]);
    }
    const lost = [...acks].filter(([name, id]) => !rows.get(name)?.includes(id)).map(([name]) => name);
    const duplicates = [...rows].filter(([, ids]) => ids.length > 1).map(([name]) => name);
    const phantoms = [...rows.keys()].filter((name) => !attempts.has(name));
    assert.deepEqual({ lost, duplicates, phantoms }, { lost: [], duplicates: [], phantoms: [] });
    assert.equal(acks.size, this.acknowledged);
    const report = await this.#workspace.verifyLedger();
    assert.equal(report.ok, true, JSON.stringify(report.found));
  }
}
