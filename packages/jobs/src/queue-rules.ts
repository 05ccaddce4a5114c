/** A job as far as its place in the queue depends on it. */
export interface Waiting {
  workspace: string;
  task: string;
  id: string;
  priority: number;
  readyAt: number;
  /** Items that a worker takes with it. */
  weight: number;
}

export interface ChooseLimits {
  /** Items to hand out, about: the last job may go over it. */
  limit: number;
  /** Items of one task of a workspace in work at once; the last job may go over it. */
  concurrency: number;
  /** The workspace that was served last. */
  after: string;
}

/** Which workspace's turn comes first: in order of name, from the one behind `after` on, and round. */
export function turnOrder(workspaces: Iterable<string>, after: string): string[] {
  const sorted = [...new Set(workspaces)].sort();
  return [...sorted.filter((name) => name > after), ...sorted.filter((name) => name <= after)];
}

/** The workspace whose turn was the last of a claim that began behind `after`: the next claim begins behind it. */
export function lastServed(served: Iterable<string>, after: string): string {
  return turnOrder(served, after).at(-1) ?? '';
}

const byTurn = (a: Waiting, b: Waiting) =>
  b.priority - a.priority || a.readyAt - b.readyAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * Who is next: the rule that the claim's SQL is held against. Within a workspace the higher priority, then the
 * earlier due job goes first, as far as its task has room; workspaces take turns by items, so that one with a million
 * jobs delays another's first by at most one round.
 *
 * @param running items in work by `workspace/task`
 */
export function choose(
  waiting: readonly Waiting[],
  running: ReadonlyMap<string, number>,
  now: number,
  limits: ChooseLimits,
): Waiting[] {
  const byWorkspace = Map.groupBy(
    waiting.filter(({ readyAt }) => readyAt <= now),
    ({ workspace }) => workspace,
  );
  const candidates: { job: Waiting; turn: number; place: number }[] = [];
  for (const [place, workspace] of turnOrder(byWorkspace.keys(), limits.after).entries()) {
    const used = new Map<string, number>();
    let turn = 0;
    for (const job of byWorkspace.get(workspace)!.toSorted(byTurn)) {
      const task = `${workspace}/${job.task}`;
      const taken = used.get(task) ?? running.get(task) ?? 0;
      if (taken >= limits.concurrency) continue;
      used.set(task, taken + job.weight);
      candidates.push({ job, turn, place });
      turn += job.weight;
    }
  }
  candidates.sort((a, b) => a.turn - b.turn || a.place - b.place || byTurn(a.job, b.job));
  const chosen: Waiting[] = [];
  let weight = 0;
  for (const { job } of candidates) {
    if (weight >= limits.limit) break;
    chosen.push(job);
    weight += job.weight;
  }
  return chosen;
}

/** How many jobs (or items of a job) that were lost before are tried together: the more often, the fewer. */
export function isolation(lost: number, most: number): number {
  return lost === 0 ? most : Math.max(1, Math.floor(most / 4 ** (lost + 1)));
}
