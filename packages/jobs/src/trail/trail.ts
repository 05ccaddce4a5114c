import { sourceErrors } from '../sources/errors.ts';

/** Where something happened. */
export type TrailPlace =
  | 'source'
  | 'job'
  | 'decision'
  | 'review'
  | 'label'
  | 'reply'
  | 'webhook'
  | 'callback'
  | 'dead_letter'
  | 'replay';

/** One thing that happened to a message, or where it is now. */
export interface TrailStep {
  /** ms since the epoch; null where nothing says when. */
  at: number | null;
  place: TrailPlace;
  id: string;
  /** In a few words, for people. */
  what: string;
  /** This is where it is now, or how it ended there. */
  current: boolean;
  /** Facts without content: codes, ids, counts. */
  details: Record<string, unknown>;
}

/** What a trail leads over. */
export type TrailKind = 'message' | 'job' | 'decision' | 'letter' | 'reply' | 'event' | 'other';
export interface TrailId {
  kind: TrailKind;
  id: string;
}

/** What one room knows. */
export interface TrailPart {
  /** Kinds of ids that it can be asked about. */
  readonly kinds: readonly TrailKind[];
  /** What happened to these, and what they lead to. Unknown ids lead nowhere; that is no error. */
  follow(workspace: string, ids: readonly TrailId[]): Promise<{ steps: TrailStep[]; ids: TrailId[] }>;
}

const PREFIXES: readonly (readonly [string, TrailKind])[] = [
  ['msg_', 'message'],
  ['job_', 'job'],
  ['dec_', 'decision'],
  ['dlt_', 'letter'],
  ['rep_', 'reply'],
  ['evt_', 'event'],
];

/** From a job with many items to each decision and its webhooks would be a long way. */
const MOST_IDS = 100;
const MOST_ROUNDS = 8;

/** Follows a message through every room that it touched. */
export class Trail {
  readonly #parts: readonly TrailPart[];

  constructor(parts: readonly TrailPart[]) {
    this.#parts = parts;
  }

  /**
   * Everything that happened to what has this id, in order: a message (`msg_…`, or the id that its publisher gave it), a
   * job, a decision, a dead letter, a reply, an event (`evt_…`), or an `external_id`.
   *
   * @throws `trail_not_found`
   */
  async find(workspace: string, id: string): Promise<{ steps: TrailStep[]; ids: TrailId[]; complete: boolean }> {
    const known = PREFIXES.filter(([prefix]) => id.startsWith(prefix)).map(([, kind]) => ({ kind, id }));
    // Somebody's own id may begin as ours do.
    let fresh: TrailId[] = [...known, { kind: 'other', id }];
    const seen = new Map(fresh.map((one) => [`${one.kind} ${one.id}`, one]));
    const steps = new Map<string, TrailStep>();
    let complete = true;
    for (let round = 0; fresh.length > 0 && round < MOST_ROUNDS; round++) {
      const asked = fresh;
      fresh = [];
      const answers = await Promise.all(
        this.#parts.map(async (part) => {
          const ids = asked.filter(({ kind }) => part.kinds.includes(kind));
          return ids.length === 0 ? { steps: [], ids: [] } : part.follow(workspace, ids);
        }),
      );
      for (const answer of answers) {
        for (const step of answer.steps) steps.set(`${step.place} ${step.id} ${step.at} ${step.what}`, step);
        for (const next of answer.ids) {
          const key = `${next.kind} ${next.id}`;
          if (seen.has(key)) continue;
          if (seen.size >= MOST_IDS) {
            complete = false;
            break;
          }
          seen.set(key, next);
          fresh.push(next);
        }
      }
    }
    if (steps.size === 0) throw sourceErrors.trail_not_found('nothing here is known by this id');
    const ids = [...seen.values()].filter(({ kind }) => kind !== 'other');
    return { steps: [...steps.values()].sort(inOrder), ids, complete };
  }
}

/** The order of the rooms: what is written in one transaction happens at once. */
const ORDER: readonly TrailPlace[] = [
  ...(['source', 'job', 'decision', 'reply', 'review', 'label'] as const),
  ...(['callback', 'webhook', 'dead_letter', 'replay'] as const),
];

function inOrder(a: TrailStep, b: TrailStep): number {
  const [x, y] = [a.at ?? Number.POSITIVE_INFINITY, b.at ?? Number.POSITIVE_INFINITY];
  return x === y ? ORDER.indexOf(a.place) - ORDER.indexOf(b.place) : x - y;
}
