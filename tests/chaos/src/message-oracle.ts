import assert from 'node:assert/strict';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Workspace } from '@understudy/e2e';

type Entry = { attempt: string } | { ack: string } | { answer: string; id: string };

/**
 * An application that publishes items to a broker and takes the answers from it. It writes what it tried, what the
 * broker confirmed and what came back to its own log, fsynced, and afterwards holds the server to it.
 */
export class MessageOracle {
  /** Items that the broker has confirmed. */
  readonly confirmed = new Set<string>();
  /** Ids of the answers that came, by item. */
  readonly answers = new Map<string, Set<string>>();
  /** Deliveries of answers, repeated ones too. */
  deliveries = 0;
  readonly #file: string;
  readonly #log: number;

  constructor(logFile: string) {
    this.#file = logFile;
    this.#log = openSync(logFile, 'a');
  }

  attempt(names: readonly string[]): void {
    this.#note(names.map((attempt) => ({ attempt })));
  }

  confirm(names: readonly string[]): void {
    this.#note(names.map((ack) => ({ ack })));
    for (const name of names) this.confirmed.add(name);
  }

  /** @param answers the item's name and the id that the answer carries */
  answer(answers: readonly { name: string; id: string }[]): void {
    this.#note(answers.map(({ name, id }) => ({ answer: name, id })));
    for (const { name, id } of answers) this.answers.set(name, (this.answers.get(name) ?? new Set()).add(id));
    this.deliveries += answers.length;
  }

  /** How many of the confirmed items have been answered. */
  get answered(): number {
    let count = 0;
    for (const name of this.confirmed) if (this.answers.has(name)) count++;
    return count;
  }

  /**
   * Of the confirmed items: none without a decision or an answer (lost), none with two of them that are not the same
   * (twice); nothing that was never tried (phantom). Answers may be delivered again, under the same id. Only items whose
   * names begin with the prefix are looked at.
   */
  async settle(workspace: Workspace, prefix = ''): Promise<void> {
    closeSync(this.#log);
    const attempts = new Set<string>();
    const acks = new Set<string>();
    const answers = new Map<string, Set<string>>();
    for (const line of readFileSync(this.#file, 'utf8').trim().split('\n')) {
      const entry = JSON.parse(line) as Entry;
      if ('attempt' in entry) attempts.add(entry.attempt);
      else if ('ack' in entry) acks.add(entry.ack);
      else answers.set(entry.answer, (answers.get(entry.answer) ?? new Set()).add(entry.id));
    }
    const decisions = new Map<string, number>();
    for (const { external_id } of await workspace.decisions()) {
      if (external_id?.startsWith(prefix)) decisions.set(external_id, (decisions.get(external_id) ?? 0) + 1);
    }
    const names = (map: ReadonlyMap<string, unknown>, wrong: (name: string) => boolean) =>
      [...map.keys()].filter(wrong);
    const found = {
      undecided: [...acks].filter((name) => !decisions.has(name)),
      unanswered: [...acks].filter((name) => !answers.has(name)),
      decidedTwice: names(decisions, (name) => decisions.get(name)! > 1),
      answeredTwice: names(answers, (name) => answers.get(name)!.size > 1),
      phantoms: [...names(decisions, (name) => !attempts.has(name)), ...names(answers, (name) => !attempts.has(name))],
    };
    assert.deepEqual(found, { undecided: [], unanswered: [], decidedTwice: [], answeredTwice: [], phantoms: [] });
    const report = await workspace.verifyLedger();
    assert.equal(report.ok, true, JSON.stringify(report.found));
  }

  #note(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    writeSync(this.#log, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    fsyncSync(this.#log);
  }
}
