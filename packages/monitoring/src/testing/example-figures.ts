import type { Figures, FiguresEvidence, FiguresQuery, FiguresReader } from '@understudy/ledger';
import type { TaskDirectory, WatchedTask } from '../ports.ts';

/** Figures without anything in them but `fields`. */
export function exampleFigures(fields: Partial<Figures> = {}): Figures {
  return {
    from: 0,
    to: 0,
    task: { id: 'task_1', slug: 'comment-moderation' },
    decisions: 0,
    automated: 0,
    review: 0,
    drawn: 0,
    audited: 0,
    reviewed: 0,
    imported: 0,
    automatedCounts: [],
    reviewCounts: [],
    truth: [],
    cost: [],
    seconds: { reviewer: 0, audit: 0, unmeasured: { reviewer: 0, audit: 0 } },
    labels: {},
    given: {},
    ...fields,
  };
}

/** Answers every query by a function, and remembers what it was asked. */
export class ScriptedFigures implements FiguresReader {
  readonly asked: (FiguresQuery & { workspace: string })[] = [];
  readonly #answer: (query: FiguresQuery) => Figures[];

  constructor(answer: (query: FiguresQuery) => Figures[]) {
    this.#answer = answer;
  }

  async read(workspace: string, query: FiguresQuery): Promise<{ figures: Figures[]; evidence: FiguresEvidence }> {
    this.asked.push({ workspace, ...query });
    return { figures: this.#answer(query), evidence: { from: query.from, to: query.to, ledgerSize: 7 } };
  }
}

export function exampleTask(fields: Partial<WatchedTask> = {}): WatchedTask {
  return {
    id: 'task_1',
    slug: 'comment-moderation',
    title: 'Comment moderation',
    maxError: 0.05,
    confidence: 0.95,
    certificate: { id: 'crt_1', status: 'certified', version: '7', at: 0 },
    uncertified: null,
    ...fields,
  };
}

/** Reviewers of whom nothing is known. */
export const NO_CHECKS = { caught: 0, wrong: 0, confirmed: 0, right: 0 } as const;

/** Tasks in memory; may be changed by the test. */
export class MemoryTaskDirectory implements TaskDirectory {
  tasks: WatchedTask[];

  constructor(tasks: WatchedTask[]) {
    this.tasks = tasks;
  }

  async get(_workspace: string, slug: string): Promise<WatchedTask> {
    const found = this.tasks.find((task) => task.slug === slug);
    if (found === undefined) throw new Error(`no task ${slug}`);
    return found;
  }

  async list(): Promise<WatchedTask[]> {
    return [...this.tasks].sort((a, b) => (a.slug < b.slug ? -1 : 1));
  }
}
