import type { KeyObject } from 'node:crypto';
import { type AuditKeys, isDrawn } from '@understudy/decisions';
import type { Tx } from '@understudy/kernel';
import type { FeedConsumer, FeedEntry, RecordedDecision } from '@understudy/ledger';
import { type ItemKind, itemIdOf, type NewItem } from './item.ts';
import { dueAt, labelValue } from './label-value.ts';
import { drawLots } from './lots.ts';
import type { ItemChange, ReviewStore } from './ports.ts';

/** Audits are mixed among this many of the newest ordinary items. */
const RECENT = 200;

interface Recent {
  values: number[];
  suggested: Map<string, number>;
}

/**
 * Makes the queue from the ledger: what a person has to decide, what was drawn for the audit lane, what somebody
 * appealed against. A draw is the keyed hash that anybody with the key can check again.
 *
 * An audit item gets the value, and so the place, of a random recent ordinary item of its task: it stands in the queue
 * as they do. It cannot be rebuilt from the ledger alone, because claims and skips are nowhere else.
 */
export class ItemFeed implements FeedConsumer {
  readonly name = 'review';
  readonly #store: ReviewStore;
  readonly #keys: AuditKeys;

  constructor(ports: { store: ReviewStore; keys: AuditKeys }) {
    this.#store = ports.store;
    this.#keys = ports.keys;
  }

  async apply(tx: Tx, workspace: string, entries: readonly FeedEntry[]): Promise<void> {
    const key = await this.#keys.of(tx, workspace);
    const recents = new Map<string, Recent>();
    const recentOf = async (taskId: string): Promise<Recent> => {
      let recent = recents.get(taskId);
      if (recent === undefined) {
        const rows = await this.#store.recent(tx, workspace, taskId, RECENT);
        recent = { values: rows.map(({ value }) => value), suggested: new Map() };
        for (const { modelLabel } of rows) count(recent.suggested, modelLabel);
        recents.set(taskId, recent);
      }
      return recent;
    };
    const changes: ItemChange[] = [];
    for (const entry of entries) {
      if (entry.kind === 'erasure') {
        changes.push({ change: 'erase', decision: entry.decision });
        continue;
      }
      if (entry.kind === 'event') continue;
      const { decision } = entry;
      if (decision.erased) continue;
      if (entry.kind === 'decision') {
        const kind = kindOf(decision, key);
        if (kind !== null) {
          const recent = await recentOf(decision.task.id);
          changes.push({ change: 'add', item: toItem(decision, kind, drawLots(key, decision.id), recent) });
        }
        continue;
      }
      const { label } = entry;
      if (label.source === 'appeal') {
        const recent = await recentOf(decision.task.id);
        const item = toItem(decision, 'appeal', drawLots(key, decision.id), recent);
        // The appeal is what waits, from now on.
        changes.push({
          change: 'appeal',
          item: { ...item, createdAt: entry.at, dueAt: dueAt(entry.at, item.value, true) },
        });
      } else if (
        !label.echo &&
        (label.source === 'import' || (label.source === 'application' && label.person !== null))
      ) {
        changes.push({ change: 'answered_elsewhere', item: itemIdOf(decision.id) });
      }
    }
    if (changes.length > 0) await this.#store.apply(tx, workspace, changes);
  }
}

function kindOf(decision: RecordedDecision, key: KeyObject): ItemKind | null {
  if (decision.outcome === 'review') return 'review';
  if (decision.audit === null || !isDrawn(key, decision.id, decision.audit.probability)) return null;
  return 'audit';
}

function toItem(
  decision: RecordedDecision,
  kind: ItemKind,
  lots: ReturnType<typeof drawLots>,
  recent: Recent,
): NewItem {
  const createdAt = Date.parse(decision.created_at);
  let value: number;
  if (kind === 'audit') {
    value = recent.values[Math.floor(lots.place * recent.values.length)] ?? lots.place;
  } else {
    value = labelValue(decision, recent.suggested);
  }
  if (kind === 'review') {
    count(recent.suggested, decision.suggestion?.label ?? null);
    recent.values.unshift(value);
    if (recent.values.length > RECENT) recent.values.pop();
  }
  return {
    id: itemIdOf(decision.id),
    decision: decision.id,
    taskId: decision.task.id,
    task: decision.task.slug,
    taskRevision: decision.task.revision,
    kind,
    reason: decision.review_reason,
    probability: kind === 'review' ? 1 : kind === 'audit' ? (decision.audit?.probability ?? null) : null,
    value,
    dueAt: dueAt(createdAt, value),
    createdAt,
    input: decision.input,
    modelLabel: decision.suggestion?.label ?? decision.label,
    modelConfidence: decision.confidence,
    hideLot: lots.hide,
    secondLot: lots.second,
    goldLot: lots.gold,
    gold: null,
  };
}

function count(counts: Map<string, number>, label: string | null): void {
  if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
}
