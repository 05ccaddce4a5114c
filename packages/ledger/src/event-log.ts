import type { CloudEvent } from '@understudy/events';
import type { Database } from '@understudy/kernel';
import { toCloudEvents } from './cloud-events.ts';
import { ledgerErrors } from './errors.ts';
import { type FeedCursors, feedEntries } from './feed.ts';

const ID = /^evt_(\d{1,15})_(\d{1,9})(_1)?$/;

/** The workspace's log read as events: nothing is kept twice, and nobody who asks again misses one. */
export class EventLog {
  readonly #database: Database;
  readonly #cursors: Pick<FeedCursors, 'read'>;

  constructor(ports: { database: Database; cursors: Pick<FeedCursors, 'read'> }) {
    this.#database = ports.database;
    this.#cursors = ports.cursors;
  }

  /**
   * Up to about `limit` events after the one with the id `after`, from the first where it is null. An empty answer means
   * that there is nothing newer.
   *
   * @throws `invalid_cursor`
   */
  async read(workspace: string, after: string | null, limit: number): Promise<CloudEvent[]> {
    const [seq, position] = after === null ? [0, -1] : placeOf(after);
    let from = seq;
    for (;;) {
      const { rows, about, next } = await this.#database.inWorkspace(workspace, (tx) =>
        this.#cursors.read(tx, workspace, from, limit),
      );
      if (next === from) return [];
      const events = feedEntries(rows, about)
        // The row itself is looked at again: it may be two events, and `after` the first of them.
        .filter((entry) => entry.seq > seq || entry.position >= position)
        .flatMap(toCloudEvents)
        .filter(({ id }) => id !== after && `${id}_1` !== after);
      if (events.length > 0) return events.slice(0, limit);
      from = next;
    }
  }
}

function placeOf(id: string): [number, number] {
  const match = ID.exec(id);
  if (match === null) {
    throw ledgerErrors.invalid_cursor('This is not the id of an event.', {
      problems: [{ pointer: '/after', code: 'invalid_cursor', detail: 'An id like evt_12_0.' }],
    });
  }
  return [Number(match[1]), Number(match[2])];
}
