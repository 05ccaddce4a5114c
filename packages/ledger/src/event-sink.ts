import type { EventSink, NewEvent } from '@understudy/events';
import { type Clock, newId, type Tx } from '@understudy/kernel';
import type { LedgerEntry } from './entry.ts';
import type { Ledger } from './ledger.ts';

/** The log of events over the ledger. */
export class LedgerEventSink implements EventSink {
  readonly #ledger: Pick<Ledger, 'appendIn'>;
  readonly #clock: Clock;

  constructor(ledger: Pick<Ledger, 'appendIn'>, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  async record(tx: Tx, workspace: string, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.#ledger.appendIn(tx, eventEntries(workspace, events, this.#clock.now()));
  }
}

/** Events as entries of a workspace's log; `at` in ms since the epoch. */
export function eventEntries(workspace: string, events: readonly NewEvent[], at: number): LedgerEntry[] {
  return events.map((event) => ({ kind: 'event', workspace, id: newId('evn', at), ...event }));
}
