import { type Clock, type Database, isUnderstudyError, newId, type Principal, type Tx } from '@understudy/kernel';
import { positionOf } from './cursor.ts';
import type { DeadLetter, DeadLetterFilter, DeadLetterOrigin, NewDeadLetter } from './dead-letter.ts';
import { jobErrors } from './errors.ts';

/** Dead letters at rest. */
export interface DeadLetterStore {
  insert(tx: Tx, workspace: string, letters: readonly (NewDeadLetter & { id: string })[]): Promise<void>;
  find(tx: Tx, workspace: string, id: string): Promise<DeadLetter | null>;
  /** Newest first, those below `before`; bodies are left out (empty). */
  list(
    tx: Tx,
    workspace: string,
    filter: DeadLetterFilter,
    page: { limit: number; before: string | null },
  ): Promise<DeadLetter[]>;
  /** Locks waiting letters, oldest first; those that somebody else has locked are left out. */
  take(
    tx: Tx,
    workspace: string,
    which: { ids: readonly string[] } | { filter: DeadLetterFilter; after: string; limit: number },
  ): Promise<DeadLetter[]>;
  /** Ends the waiting of letters and drops their bytes. */
  resolve(
    tx: Tx,
    workspace: string,
    ids: readonly string[],
    how: { state: 'replayed' | 'discarded'; by: string; note: string | null },
  ): Promise<void>;
  /** Removes letters older than this, waiting or not; at most `limit`. Answers how many. */
  expire(days: number, limit: number): Promise<number>;
  /** Empties and discards waiting letters whose bytes name one of these decisions. Answers how many. */
  erase(tx: Tx, workspace: string, decisions: readonly string[]): Promise<number>;
  /** Waiting letters by kind, over all workspaces. */
  count(): Promise<Record<'failed' | 'unprocessable', number>>;
}

/** Puts letters of one kind of origin back on their way. */
export interface Replayer {
  /**
   * Puts a (maybe edited) letter back on its way in this transaction. Throws a coded error, before it has written
   * anything, when the letter cannot go there: then it stays.
   */
  replay(tx: Tx, workspace: string, letter: DeadLetter): Promise<void>;
}

/** New bytes; or, of a job's letter, the item's new `input`, and of any other, the content as JSON or text. */
export type LetterEdit = Uint8Array | { input: unknown };

export interface Replayed {
  replayed: number;
  /** Letters that stay, each with why. */
  refused: { id: string; code: string; detail: string }[];
  /** More letters match: call again. */
  more: boolean;
}

/** Letters of one transaction: a crash loses nothing and repeats nothing. */
const BATCH = 100;
/** Letters of one call; a filter that matches more says so. */
const MOST_OF_A_CALL = 5_000;

/** The two queues of what was given up: reading them, and sending their letters on their way again. */
export class DeadLetters {
  readonly #database: Database;
  readonly #store: DeadLetterStore;
  readonly #clock: Clock;
  readonly #replayers = new Map<DeadLetterOrigin['kind'], Replayer>();

  constructor(ports: { database: Database; store: DeadLetterStore; clock: Clock }) {
    this.#database = ports.database;
    this.#store = ports.store;
    this.#clock = ports.clock;
  }

  /** Says who takes letters of an origin back. Called once a kind while the server is put together. */
  register(kind: DeadLetterOrigin['kind'], replayer: Replayer): void {
    this.#replayers.set(kind, replayer);
  }

  /** Writes letters in the transaction that gives the work up. */
  async put(tx: Tx, workspace: string, letters: readonly NewDeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const now = this.#clock.now();
    await this.#store.insert(
      tx,
      workspace,
      letters.map((letter) => ({ ...letter, id: newId('dlt', now) })),
    );
  }

  /** Newest first, without the bytes. @throws `invalid_cursor` */
  async list(
    workspace: string,
    filter: DeadLetterFilter,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ data: DeadLetter[]; last: string | null }> {
    const before = page.cursor === undefined ? null : positionOf(page.cursor, 'dlt');
    const rows = await this.#database.inWorkspace(workspace, (tx) =>
      this.#store.list(tx, workspace, filter, { limit: page.limit + 1, before }),
    );
    const data = rows.slice(0, page.limit);
    return { data, last: rows.length > page.limit ? data.at(-1)!.id : null };
  }

  /** @throws `dead_letter_not_found` */
  async get(workspace: string, id: string): Promise<DeadLetter> {
    const letter = await this.#database.inWorkspace(workspace, (tx) => this.#store.find(tx, workspace, id));
    if (letter === null) throw jobErrors.dead_letter_not_found('there is no such dead letter');
    return letter;
  }

  /**
   * Sends letters on their way again, some of them edited, in transactions of {@link BATCH}. A letter whose place is
   * gone stays and is named. Ids that are unknown or no longer wait are refused by name, too.
   */
  async replay(
    principal: Principal,
    which: { ids: readonly string[] } | { filter: DeadLetterFilter },
    edits: ReadonlyMap<string, LetterEdit> = new Map(),
  ): Promise<Replayed> {
    const result: Replayed = { replayed: 0, refused: [], more: false };
    if ('ids' in which) {
      const ids = [...new Set(which.ids)];
      for (let i = 0; i < ids.length; i += BATCH) {
        const some = ids.slice(i, i + BATCH);
        const taken = await this.#replayBatch(principal, { ids: some }, edits, result);
        const found = new Set(taken.map(({ id }) => id));
        for (const id of some) {
          if (found.has(id)) continue;
          result.refused.push({
            id,
            code: 'dead_letter_not_found',
            detail: 'it is not there, or does not wait any more',
          });
        }
      }
      return result;
    }
    let after = '';
    for (let seen = 0; ; ) {
      if (seen >= MOST_OF_A_CALL) {
        result.more = true;
        return result;
      }
      const taken = await this.#replayBatch(principal, { filter: which.filter, after, limit: BATCH }, edits, result);
      if (taken.length === 0) return result;
      seen += taken.length;
      after = taken.at(-1)!.id;
    }
  }

  /** Gives a letter up for good: its bytes are dropped. @throws `dead_letter_not_found` */
  async discard(principal: Principal, id: string, reason: string | null): Promise<DeadLetter> {
    const { workspace } = principal;
    return this.#database.inWorkspace(workspace, async (tx) => {
      const [letter] = await this.#store.take(tx, workspace, { ids: [id] });
      if (letter === undefined) throw jobErrors.dead_letter_not_found('there is no such dead letter that waits');
      await this.#store.resolve(tx, workspace, [id], { state: 'discarded', by: principal.id, note: reason });
      return (await this.#store.find(tx, workspace, id))!;
    });
  }

  /**
   * Forgets what letters tell of decisions that were erased: answers that never left, with their personal data. Such a
   * letter is discarded, its bytes are gone. Letters of items that were never decided name no decision.
   */
  async erase(tx: Tx, workspace: string, decisions: readonly string[]): Promise<void> {
    if (decisions.length > 0) await this.#store.erase(tx, workspace, decisions);
  }

  /** Removes letters older than this, waiting or not; at most `limit`. Answers how many. */
  expire(days: number, limit: number): Promise<number> {
    return this.#store.expire(days, limit);
  }

  /** For metrics: letters that wait, by kind, over all workspaces. */
  figures(): Promise<Record<'failed' | 'unprocessable', number>> {
    return this.#store.count();
  }

  async #replayBatch(
    principal: Principal,
    which: Parameters<DeadLetterStore['take']>[2],
    edits: ReadonlyMap<string, LetterEdit>,
    result: Replayed,
  ): Promise<DeadLetter[]> {
    const { taken, refused } = await this.#database.inWorkspace(principal.workspace, (tx) =>
      this.#send(tx, principal, which, edits),
    );
    result.replayed += taken.length - refused.length;
    result.refused.push(...refused);
    return taken;
  }

  async #send(
    tx: Tx,
    principal: Principal,
    which: Parameters<DeadLetterStore['take']>[2],
    edits: ReadonlyMap<string, LetterEdit>,
  ): Promise<{ taken: DeadLetter[]; refused: Replayed['refused'] }> {
    const { workspace } = principal;
    const taken = await this.#store.take(tx, workspace, which);
    const refused: Replayed['refused'] = [];
    const sent: string[] = [];
    for (const letter of taken) {
      const replayer = this.#replayers.get(letter.origin.kind);
      try {
        if (replayer === undefined) {
          throw jobErrors.replay_not_possible(`nothing here takes letters of the origin “${letter.origin.kind}” back`);
        }
        const edit = edits.get(letter.id);
        await replayer.replay(tx, workspace, edit === undefined ? letter : edited(letter, edit));
        sent.push(letter.id);
      } catch (error) {
        if (!isUnderstudyError(error) || error.retryable) throw error;
        refused.push({ id: letter.id, code: error.code, detail: error.message });
      }
    }
    if (sent.length > 0) {
      await this.#store.resolve(tx, workspace, sent, { state: 'replayed', by: principal.id, note: null });
    }
    return { taken, refused };
  }
}

function edited(letter: DeadLetter, edit: LetterEdit): DeadLetter {
  if (edit instanceof Uint8Array) return { ...letter, body: edit };
  const { input } = edit;
  if (letter.origin.kind === 'job') {
    const item = JSON.parse(Buffer.from(letter.body).toString()) as object;
    return { ...letter, body: Buffer.from(JSON.stringify({ ...item, input })) };
  }
  return { ...letter, body: Buffer.from(typeof input === 'string' ? input : JSON.stringify(input)) };
}
