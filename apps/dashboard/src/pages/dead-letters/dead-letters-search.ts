import { checked, choiceParam, patternParam, SLUG } from '../../search-params.ts';

export const letterStates = ['waiting', 'replayed', 'discarded'] as const;
export type LetterState = (typeof letterStates)[number];
export const letterKinds = ['failed', 'unprocessable'] as const;
export type LetterKind = (typeof letterKinds)[number];

/** What the list is narrowed down to; each is a filter of `GET /v1/dead-letters`. */
export interface DeadLettersSearch {
  /** Absent = `waiting`. */
  state?: LetterState;
  kind?: LetterKind;
  task?: string;
  /** `job`, `source`, `outgoing`, or one of them: `job:job_…`. */
  origin?: string;
}

const ORIGIN = /^(?:job|source|outgoing)(?::[\w-]{1,200})?$/;

export const parseDeadLettersSearch = (raw: Record<string, unknown>): DeadLettersSearch =>
  checked({
    state: choiceParam(raw.state, letterStates),
    kind: choiceParam(raw.kind, letterKinds),
    task: patternParam(raw.task, SLUG),
    origin: patternParam(raw.origin, ORIGIN),
  });
