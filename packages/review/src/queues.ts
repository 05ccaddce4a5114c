import type { Clock, Principal } from '@understudy/kernel';
import { hiddenShareOf } from './item.ts';
import type { QueueCounts, QueuePace, ReviewStore, ReviewTasks, TaskRules } from './ports.ts';

/** Paces are measured over this many days. */
export const PACE_DAYS = 7;
const DAY_MS = 86_400_000;
/** A younger queue's pace is taken over at least this long: the first item is not a flood. */
const LEAST_SPAN_MS = 3_600_000;

export interface Outlook {
  depth: number;
  claimed: number;
  oldestAt: number | null;
  medianSeconds: number | null;
  minutesWaiting: number | null;
  reviewerMinutesPerDay: number;
  arrivingPerDay: number;
  expectedEmptyAt: number | null;
  outlook: 'empty' | 'shrinking' | 'growing' | 'unknown';
}

export interface Queue extends Outlook {
  rules: TaskRules;
  suggestionsHidden: number;
  counts: QueueCounts;
}

/** What waits, how much time reviewers have for it, and when nothing will wait any more. */
export class Queues {
  readonly #store: ReviewStore;
  readonly #tasks: ReviewTasks;
  readonly #clock: Clock;

  constructor(ports: { store: ReviewStore; tasks: ReviewTasks; clock: Clock }) {
    this.#store = ports.store;
    this.#tasks = ports.tasks;
    this.#clock = ports.clock;
  }

  /** Fullest first. Queues of tasks that are gone are closed and left out. */
  async list(principal: Principal, task: string | null): Promise<{ queues: Queue[]; total: Outlook }> {
    const { workspace } = principal;
    const [counts, paces] = await Promise.all([
      this.#store.queues(workspace, principal.id, task),
      this.#store.pace(workspace, task, PACE_DAYS),
    ]);
    const paceOf = new Map(paces.map((pace) => [pace.taskId, pace]));
    const now = this.#clock.now();
    const queues: Queue[] = [];
    for (const count of counts) {
      const rules = await this.#tasks.find(workspace, count.task);
      if (rules?.id !== count.taskId) {
        await this.#store.close(workspace, { taskId: count.taskId }, 'task_deleted');
        continue;
      }
      const pace = paceOf.get(count.taskId);
      queues.push({
        ...forecast(count, pace === undefined ? [] : [pace], now),
        rules,
        suggestionsHidden: hiddenShareOf(rules),
        counts: count,
      });
    }
    queues.sort((a, b) => b.depth - a.depth || (a.rules.slug < b.rules.slug ? -1 : 1));
    return { queues, total: forecast(sum(queues.map(({ counts }) => counts)), paces, now) };
  }
}

type Waiting = Pick<QueueCounts, 'depth' | 'claimed' | 'oldestAt'>;

function sum(counts: readonly Waiting[]): Waiting {
  const oldest = counts.flatMap(({ oldestAt }) => (oldestAt === null ? [] : [oldestAt]));
  return {
    depth: counts.reduce((total, { depth }) => total + depth, 0),
    claimed: counts.reduce((total, { claimed }) => total + claimed, 0),
    oldestAt: oldest.length === 0 ? null : Math.min(...oldest),
  };
}

/**
 * Work waiting = depth × median seconds; capacity = the reviewer minutes that were given a day, less the minutes that
 * arriving items take. What is not known is null, never a guess.
 */
export function forecast(waiting: Waiting, paces: readonly QueuePace[], now: number): Outlook {
  let minutesPerDay = 0;
  let arrivingPerDay = 0;
  let arrivingMinutes = 0;
  let medianTotal = 0;
  let weight = 0;
  for (const pace of paces) {
    const days = Math.max(now - pace.since, LEAST_SPAN_MS) / DAY_MS;
    minutesPerDay += pace.verdictSeconds / 60 / days;
    arrivingPerDay += pace.arrived / days;
    if (pace.medianSeconds === null) continue;
    arrivingMinutes += ((pace.arrived / days) * pace.medianSeconds) / 60;
    medianTotal += pace.medianSeconds * Math.max(1, pace.arrived);
    weight += Math.max(1, pace.arrived);
  }
  const medianSeconds = weight === 0 ? null : medianTotal / weight;
  const minutesWaiting = medianSeconds === null ? null : (waiting.depth * medianSeconds) / 60;
  const base = { ...waiting, medianSeconds, minutesWaiting, reviewerMinutesPerDay: minutesPerDay, arrivingPerDay };
  if (waiting.depth === 0) return { ...base, expectedEmptyAt: now, outlook: 'empty' };
  if (minutesWaiting === null || minutesPerDay === 0) return { ...base, expectedEmptyAt: null, outlook: 'unknown' };
  const net = minutesPerDay - arrivingMinutes;
  if (net <= 0) return { ...base, expectedEmptyAt: null, outlook: 'growing' };
  return { ...base, expectedEmptyAt: Math.round(now + (minutesWaiting / net) * DAY_MS), outlook: 'shrinking' };
}
