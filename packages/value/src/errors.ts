import { defineErrors } from '@understudy/kernel';

export const valueErrors = defineErrors({
  invalid_window: {
    title: 'The window of time is empty or impossible',
    description: '`from` has to be before `to`, and both have to lie between the years 2000 and 9999.',
    retryable: false,
  },
  too_many_buckets: {
    title: 'The window has too many buckets',
    description: 'At most 1,000 stretches of time are answered at once. Ask for longer ones, or for a shorter window.',
    retryable: false,
  },
  invalid_price: {
    title: 'A price of the task cannot be used',
    description:
      'Minutes by hand, cost an hour, cost of an error and infrastructure have to be numbers that are not negative. Correct the economics of the task.',
    retryable: false,
  },
  replay_not_found: {
    title: 'No such replay',
    description: 'The workspace of this credential has no replay with that id.',
    retryable: false,
  },
  replay_conflict: {
    title: 'The changes of the replay contradict each other',
    description:
      'A threshold says by itself what is automated; a budget (`max_error`, `confidence`) says that a threshold is to be found. Give one of them.',
    retryable: false,
  },
  replay_version_unknown: {
    title: 'The task has no such model version',
    description:
      'Only versions in the registry of the task can decide again. `GET /v1/models/{model}/versions` lists them.',
    retryable: false,
  },
  too_many_replays: {
    title: 'Too many replays wait',
    description: 'A workspace may have 20 replays waiting or running. Cancel one, or wait.',
    retryable: true,
  },
  replay_interrupted: {
    title: 'The replay was interrupted',
    description: 'The server that ran it stopped three times. Start it again, over a shorter window.',
    retryable: true,
  },
  invalid_cursor: {
    title: 'The cursor is not from this list',
    description: 'Use `next_cursor` of the page before, unchanged, or begin without one.',
    retryable: false,
  },
});
