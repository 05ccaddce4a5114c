import type { Tx } from '@understudy/kernel';
import { type Item, type NewItem, probabilityOf, statusOf, type Verdict } from '../item.ts';
import { dueAt } from '../label-value.ts';
import type {
  AfterVerdict,
  BegunVerdict,
  ClaimRequest,
  Gold,
  Handback,
  ItemChange,
  ItemFilter,
  QueueCounts,
  QueuePace,
  ReviewStore,
  VerdictRequest,
} from '../ports.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Row extends Item {
  seen: Set<string>;
  skippedBy: Set<string>;
  skippedAt: number;
}

interface Shelf {
  items: Map<string, Row>;
  verdicts: Verdict[];
  handbacks: (Handback & { item: string; token: string })[];
  gold: Map<string, Gold & { used: number }>;
}

/** Review items in memory, for tests. Its clock is `now`. */
export class MemoryReviewStore implements ReviewStore {
  now = Date.UTC(2026, 3, 1, 12);
  readonly #shelves = new Map<string, Shelf>();
  #tokens = 0;

  #shelf(workspace: string): Shelf {
    let shelf = this.#shelves.get(workspace);
    if (shelf === undefined) {
      shelf = { items: new Map(), verdicts: [], handbacks: [], gold: new Map() };
      this.#shelves.set(workspace, shelf);
    }
    return shelf;
  }

  /** A copy, with the claim as it stands now. */
  #view(row: Row): Item {
    const { seen: _seen, skippedBy: _skippedBy, skippedAt: _skippedAt, claim, ...item } = row;
    return { ...item, claim: claim === null ? null : { ...claim, live: claim.until > this.now } };
  }

  #free = (row: Row) => row.state === 'waiting' && (row.claim === null || row.claim.until <= this.now);

  #mayReview = (row: Row, reviewer: string) =>
    row.escalation === null &&
    !row.seen.has(reviewer) &&
    !(row.skippedBy.has(reviewer) && row.skippedAt > this.now - HOUR_MS);

  #token = () => `token-${++this.#tokens}`;

  async apply(_tx: Tx, workspace: string, changes: readonly ItemChange[]): Promise<void> {
    const shelf = this.#shelf(workspace);
    for (const change of changes) {
      if (change.change === 'add') {
        if (!shelf.items.has(change.item.id)) shelf.items.set(change.item.id, newRow(change.item));
      } else if (change.change === 'appeal') appeal(shelf, change.item);
      else if (change.change === 'erase') erase(shelf, change.decision);
      else {
        const row = shelf.items.get(change.item);
        if (row?.kind !== 'review' || row.state !== 'waiting') continue;
        if (row.opinions > 0) Object.assign(row, { state: 'answered', answeredAt: this.now });
        else Object.assign(row, { state: 'closed', closedReason: 'answered_elsewhere' });
      }
    }
  }

  async recent(_tx: Tx, workspace: string, taskId: string, limit: number) {
    return [...this.#shelf(workspace).items.values()]
      .filter((row) => row.taskId === taskId && row.kind === 'review')
      .sort((a, b) => b.createdAt - a.createdAt)
      .slice(0, limit)
      .map(({ value, modelLabel }) => ({ value, modelLabel }));
  }

  async claim(workspace: string, request: ClaimRequest): Promise<Item[]> {
    const { reviewer, task, limit, leaseSeconds, from } = request;
    const wanted = (row: Row) => {
      if (from === 'leads') return row.escalation !== null;
      return from === 'reviewers' ? this.#mayReview(row, reviewer) : from.includes(row.id);
    };
    const rows = this.#inOrder(workspace)
      .filter((row) => this.#free(row) && (task === null || row.task === task) && wanted(row))
      .slice(0, limit);
    for (const row of rows) this.#claimFor(row, reviewer, leaseSeconds, null);
    return rows.map((row) => this.#view(row));
  }

  #claimFor(row: Row, by: string, leaseSeconds: number, undoes: string | null): void {
    const until = this.now + leaseSeconds * 1000;
    row.claim = { token: this.#token(), by, at: this.now, until, live: true, undoes };
  }

  #inOrder = (workspace: string) =>
    [...this.#shelf(workspace).items.values()].sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1));

  async lease(workspace: string, items: readonly { item: string; token: string; seconds: number }[]): Promise<void> {
    for (const { item, token, seconds } of items) {
      const claim = this.#shelf(workspace).items.get(item)?.claim;
      if (claim?.token === token) claim.until = claim.at + seconds * 1000;
    }
  }

  async claimsOf(workspace: string, reviewer: string): Promise<Item[]> {
    return this.#inOrder(workspace)
      .filter((row) => row.state === 'waiting' && row.claim?.by === reviewer && row.claim.until > this.now)
      .map((row) => this.#view(row));
  }

  async find(workspace: string, item: string): Promise<Item | null> {
    const row = this.#shelf(workspace).items.get(item);
    return row === undefined ? null : this.#view(row);
  }

  async beginVerdict(workspace: string, request: VerdictRequest): Promise<BegunVerdict> {
    const shelf = this.#shelf(workspace);
    const { item: id, token, reviewer } = request;
    const row = shelf.items.get(id);
    const open = row?.state === 'waiting' || (row?.state === 'closed' && row.closedReason === 'answered_elsewhere');
    if (row === undefined || !open || row.claim?.token !== token || row.claim.by !== reviewer) {
      const verdict = shelf.verdicts.find(
        (one) => one.item === id && one.token === token && one.reviewer === reviewer && one.state !== 'undone',
      );
      const item = row === undefined ? null : this.#view(row);
      if (item === null || verdict === undefined) return { outcome: 'refused', item };
      return { outcome: 'repeated', item, verdict: { ...verdict }, others: this.#others(shelf, verdict) };
    }
    const last = Math.max(row.claim.at, ...shelf.verdicts.filter((v) => v.reviewer === reviewer).map(({ at }) => at));
    const idle = (this.now - last) / 1000;
    const held = (this.now - row.claim.at) / 1000 + 1;
    Object.assign(row, { state: 'answering', closedReason: null, opinions: row.opinions + 1 });
    row.seen.add(reviewer);
    const verdict: Verdict = {
      id: request.id,
      item: id,
      round: row.round,
      decision: row.decision,
      taskId: row.taskId,
      task: row.task,
      kind: row.kind,
      reviewer,
      token,
      label: request.label,
      seconds: Math.max(0, Math.min(request.seconds ?? idle, held, request.idleLimitSeconds)),
      note: request.note,
      probability: probabilityOf(row),
      shown: request.shown,
      modelLabel: row.modelLabel,
      gold: row.gold,
      deciding: row.escalation !== null,
      state: 'pending',
      at: this.now,
    };
    shelf.verdicts.push(verdict);
    return { outcome: 'begun', item: this.#view(row), verdict: { ...verdict }, others: this.#others(shelf, verdict) };
  }

  #others(shelf: Shelf, verdict: Verdict): Verdict[] {
    return shelf.verdicts.filter(
      (one) =>
        one.item === verdict.item && one.round === verdict.round && one.state === 'recorded' && one.id !== verdict.id,
    );
  }

  async finishVerdict(workspace: string, id: string, after: AfterVerdict): Promise<void> {
    const shelf = this.#shelf(workspace);
    const verdict = shelf.verdicts.find((one) => one.id === id);
    if (verdict?.state !== 'pending') return;
    verdict.state = 'recorded';
    const row = shelf.items.get(verdict.item)!;
    if (row.state !== 'answering') return;
    const escalation = after.state === 'waiting' ? after.escalation : null;
    Object.assign(row, {
      state: after.state,
      escalation: escalation ?? row.escalation,
      answer: verdict.label,
      answeredAt: after.state === 'answered' ? verdict.at : null,
      claim: null,
    });
  }

  async unsettled(seconds: number, limit: number) {
    return [...this.#shelves]
      .flatMap(([workspace, shelf]) =>
        shelf.verdicts
          .filter((one) => one.state === 'pending' && one.at < this.now - seconds * 1000)
          .map((verdict) => ({
            workspace,
            item: this.#view(shelf.items.get(verdict.item)!),
            verdict: { ...verdict },
            others: this.#others(shelf, verdict),
          })),
      )
      .slice(0, limit);
  }

  async handBack(workspace: string, request: Parameters<ReviewStore['handBack']>[1]): Promise<boolean> {
    const { item, token, reviewer, action, note } = request;
    const shelf = this.#shelf(workspace);
    const row = shelf.items.get(item);
    if (row?.state !== 'waiting' || row.claim?.token !== token || row.claim.by !== reviewer) {
      return shelf.handbacks.some(
        (one) => one.item === item && one.token === token && one.action === action && one.by === reviewer,
      );
    }
    row.claim = null;
    row.irregular ||= action !== 'release';
    if (action === 'skip') {
      row.skips++;
      row.skippedBy.add(reviewer);
      row.skippedAt = this.now;
    }
    const skippedOut = action === 'skip' && row.skips >= request.escalateAfterSkips;
    row.escalation ??= action === 'escalate' ? 'by_reviewer' : skippedOut ? 'skipped' : null;
    shelf.handbacks.push({ item, token, action, by: reviewer, note, at: this.now });
    return true;
  }

  async undo(workspace: string, request: Parameters<ReviewStore['undo']>[1]): Promise<Item | null> {
    const { item, token, reviewer, windowSeconds, leaseSeconds } = request;
    const shelf = this.#shelf(workspace);
    const row = shelf.items.get(item);
    if (row === undefined) return null;
    const verdict = shelf.verdicts.find((v) => v.item === item && v.token === token && v.reviewer === reviewer);
    const index = verdict === undefined ? -1 : shelf.verdicts.indexOf(verdict);
    const later = shelf.verdicts.some((v, i) => i > index && v.item === item && v.state !== 'undone');
    const mine = row.state === 'waiting' && row.claim?.by === reviewer;
    const possible =
      verdict?.state === 'recorded' &&
      verdict.at > this.now - windowSeconds * 1000 &&
      !later &&
      row.round === verdict.round &&
      (row.state === 'answered' || this.#free(row) || mine);
    if (!possible) return mine && row.claim?.undoes === token ? this.#view(row) : null;
    verdict.state = 'undone';
    row.seen.delete(reviewer);
    Object.assign(row, { state: 'waiting', opinions: row.opinions - 1, answer: null, answeredAt: null });
    if (!verdict.deciding) row.escalation = null;
    this.#claimFor(row, reviewer, leaseSeconds, token);
    return this.#view(row);
  }

  async close(workspace: string, which: { taskId: string } | { item: string }, reason: Item['closedReason']) {
    for (const row of this.#shelf(workspace).items.values()) {
      const meant = 'item' in which ? row.id === which.item : row.taskId === which.taskId;
      if (meant && row.state === 'waiting') Object.assign(row, { state: 'closed', closedReason: reason, claim: null });
    }
  }

  async list(workspace: string, filter: ItemFilter, page: { limit: number; before: string | null }): Promise<Item[]> {
    return [...this.#shelf(workspace).items.values()]
      .map((row) => this.#view(row))
      .filter(
        (item) =>
          (page.before === null || item.id < page.before) &&
          (filter.task === undefined || item.task === filter.task) &&
          (filter.kind === undefined || item.kind === filter.kind) &&
          (filter.status === undefined || statusOf(item) === filter.status),
      )
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, page.limit);
  }

  async history(workspace: string, item: string): ReturnType<ReviewStore['history']> {
    const shelf = this.#shelf(workspace);
    return {
      verdicts: shelf.verdicts.filter((one) => one.item === item).map((one) => ({ ...one })),
      handbacks: shelf.handbacks
        .filter((one) => one.item === item)
        .map(({ action, by, note, at }) => ({ action, by, note, at })),
    };
  }

  async queues(workspace: string, reviewer: string, task: string | null): Promise<QueueCounts[]> {
    const counts = new Map<string, QueueCounts>();
    for (const row of this.#shelf(workspace).items.values()) {
      if (row.state !== 'waiting' || (task !== null && row.task !== task)) continue;
      const count: QueueCounts = counts.get(row.taskId) ?? {
        taskId: row.taskId,
        task: row.task,
        depth: 0,
        claimed: 0,
        oldestAt: null,
        escalated: 0,
        kinds: { review: 0, audit: 0, appeal: 0, gold: 0 },
        secondOpinions: 0,
      };
      counts.set(row.taskId, count);
      count.kinds[row.kind]++;
      if (row.escalation !== null) count.escalated++;
      else if (row.opinions > 0) count.secondOpinions++;
      if (!this.#mayReview(row, reviewer)) continue;
      count.depth++;
      if (!this.#free(row)) count.claimed++;
      count.oldestAt = Math.min(count.oldestAt ?? row.createdAt, row.createdAt);
    }
    return [...counts.values()];
  }

  async pace(workspace: string, task: string | null, days: number): Promise<QueuePace[]> {
    const start = this.now - days * DAY_MS;
    const shelf = this.#shelf(workspace);
    const ofTask = (one: { task: string }) => task === null || one.task === task;
    const done = shelf.verdicts.filter((one) => ofTask(one) && one.at >= start && one.state !== 'undone');
    const came = [...shelf.items.values()].filter((row) => ofTask(row) && row.createdAt >= start);
    const taskIds = new Set([...done, ...came].map(({ taskId }) => taskId));
    return [...taskIds].map((taskId) => {
      const own = done.filter((one) => one.taskId === taskId);
      const arrived = came.filter((row) => row.taskId === taskId);
      const times = [...own.map(({ at }) => at), ...arrived.map(({ createdAt }) => createdAt)];
      return {
        taskId,
        medianSeconds: median(own.map(({ seconds }) => seconds)),
        verdictSeconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
        arrived: arrived.length,
        since: Math.max(start, Math.min(...times)),
      };
    });
  }

  async verdicts(workspace: string, filter: { task: string | null; days: number; limit: number }) {
    const since = this.now - filter.days * DAY_MS;
    const verdicts = this.#shelf(workspace)
      .verdicts.filter(
        (one) => one.state === 'recorded' && one.at >= since && (filter.task === null || one.task === filter.task),
      )
      .reverse()
      .slice(0, filter.limit)
      .map((one) => ({ ...one }));
    return { verdicts, since };
  }

  async addGold(workspace: string, gold: Gold): Promise<boolean> {
    const shelf = this.#shelf(workspace);
    if ([...shelf.gold.values()].some(({ decision }) => decision === gold.decision)) return false;
    shelf.gold.set(gold.id, { ...gold, used: 0 });
    return true;
  }

  async listGold(workspace: string, task: string | null, page: { limit: number; after: string | null }) {
    const shelf = this.#shelf(workspace);
    return [...shelf.gold.values()]
      .filter((gold) => (task === null || gold.task === task) && (page.after === null || gold.id > page.after))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, page.limit)
      .map(({ used: _used, ...gold }) => {
        const own = shelf.verdicts.filter((one) => one.gold?.id === gold.id && one.state === 'recorded');
        return {
          ...gold,
          answered: own.length,
          correct: own.filter((one) => one.label === one.gold!.truth).length,
        };
      });
  }

  async decisionOfGold(workspace: string, id: string): Promise<string | null> {
    return this.#shelf(workspace).gold.get(id)?.decision ?? null;
  }

  async removeGold(workspace: string, id: string): Promise<boolean> {
    const shelf = this.#shelf(workspace);
    for (const row of shelf.items.values()) {
      if (row.gold?.id !== id || row.state !== 'waiting') continue;
      Object.assign(row, { state: 'closed', closedReason: 'answered_elsewhere' });
    }
    return shelf.gold.delete(id);
  }

  async insertGold(workspace: string, taskId: string, item: Parameters<ReviewStore['insertGold']>[2]): Promise<void> {
    const shelf = this.#shelf(workspace);
    const [gold] = [...shelf.gold.values()]
      .filter((one) => one.taskId === taskId)
      .sort((a, b) => a.used - b.used || (a.id < b.id ? -1 : 1));
    if (gold === undefined) return;
    gold.used++;
    const recent = await this.recent(null as never, workspace, taskId, 200);
    const value = recent[Math.floor(item.lot * recent.length)]?.value ?? item.lot;
    const row = newRow({
      id: item.id,
      decision: item.decision,
      taskId: gold.taskId,
      task: gold.task,
      taskRevision: gold.taskRevision,
      kind: 'gold',
      reason: null,
      probability: null,
      value,
      dueAt: dueAt(this.now, value),
      createdAt: this.now,
      input: gold.input,
      modelLabel: null,
      modelConfidence: null,
      hideLot: item.hideLot,
      secondLot: 1,
      goldLot: 1,
      gold: { id: gold.id, truth: gold.label },
    });
    for (const one of shelf.verdicts) {
      if (one.gold?.id === gold.id || one.decision === gold.decision) row.seen.add(one.reviewer);
    }
    shelf.items.set(row.id, row);
  }
}

function newRow(item: NewItem): Row {
  return {
    ...item,
    irregular: item.kind === 'appeal',
    state: 'waiting',
    escalation: null,
    closedReason: null,
    round: 1,
    claim: null,
    skips: 0,
    opinions: 0,
    answer: null,
    answeredAt: null,
    seen: new Set(),
    skippedBy: new Set(),
    skippedAt: 0,
  };
}

function appeal(shelf: Shelf, item: NewItem): void {
  const row = shelf.items.get(item.id);
  if (row === undefined) {
    shelf.items.set(item.id, newRow(item));
    return;
  }
  if (row.state === 'waiting') {
    row.dueAt = Math.min(row.dueAt, item.dueAt);
    return;
  }
  if (row.state !== 'answered' && row.closedReason !== 'answered_elsewhere') return;
  Object.assign(row, {
    ...{ kind: 'appeal', probability: null, irregular: true, round: row.round + 1, opinions: 0, skips: 0 },
    ...{ escalation: null, createdAt: item.createdAt, dueAt: Math.min(row.dueAt, item.dueAt), state: 'waiting' },
    ...{ closedReason: null, answer: null, answeredAt: null, claim: null, seen: new Set() },
  });
}

function erase(shelf: Shelf, decision: string): void {
  const gone = [...shelf.gold.values()].find((gold) => gold.decision === decision)?.id;
  if (gone !== undefined) shelf.gold.delete(gone);
  for (const row of shelf.items.values()) {
    if (row.decision !== decision && (gone === undefined || row.gold?.id !== gone)) continue;
    for (const handback of shelf.handbacks) if (handback.item === row.id) handback.note = null;
    if (row.state === 'waiting' || row.state === 'closed')
      Object.assign(row, { state: 'closed', closedReason: 'erased' });
    Object.assign(row, { input: null, claim: null });
  }
  for (const verdict of shelf.verdicts) if (verdict.decision === decision) verdict.note = null;
}

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
