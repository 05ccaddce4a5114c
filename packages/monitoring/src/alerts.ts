import { type Clock, isId } from '@understudy/kernel';
import type { Alert } from './alert.ts';
import { monitoringErrors } from './errors.ts';
import type { AlertFilter, AlertStore } from './ports.ts';

/** Reading alerts, and saying that one was seen. */
export class Alerts {
  readonly #store: AlertStore;
  readonly #clock: Clock;

  constructor(ports: { store: AlertStore; clock: Clock }) {
    this.#store = ports.store;
    this.#clock = ports.clock;
  }

  /** Newest first. Throws invalid_cursor. */
  async list(
    workspace: string,
    filter: AlertFilter,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ alerts: Alert[]; nextCursor: string | null }> {
    const after = page.cursor === undefined ? undefined : positionOf(page.cursor);
    const rows = await this.#store.list(workspace, filter, { limit: page.limit + 1, after });
    const alerts = rows.slice(0, page.limit);
    const more = rows.length > page.limit;
    return { alerts, nextCursor: more ? Buffer.from(alerts.at(-1)!.id).toString('base64url') : null };
  }

  /** Throws alert_not_found. */
  async get(workspace: string, id: string): Promise<Alert> {
    return found(isId('alr', id) ? await this.#store.find(workspace, id) : null);
  }

  /** Notes who saw it first; doing it again changes nothing. Throws alert_not_found. */
  async acknowledge(workspace: string, id: string, by: { principal: string; note: string | null }): Promise<Alert> {
    const acknowledged = { at: this.#clock.now(), by: by.principal, note: by.note };
    return found(isId('alr', id) ? await this.#store.acknowledge(workspace, id, acknowledged) : null);
  }
}

function found(alert: Alert | null): Alert {
  if (alert === null) throw monitoringErrors.alert_not_found('no such alert in this workspace');
  return alert;
}

function positionOf(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!isId('alr', id)) throw monitoringErrors.invalid_cursor('the cursor is not one of this list');
  return id;
}
