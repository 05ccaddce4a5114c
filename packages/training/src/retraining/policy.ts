/** A task's setting `retraining`. */
export interface RetrainingPolicy {
  mode: 'auto' | 'off';
  min_new_labels: number;
  /** New labels as a share of the rows that the champion learnt from. */
  min_new_share: number;
  min_hours_between: number;
}

/** A finished or open training run, as the policy sees it. */
export interface PastRun {
  id: string;
  open: boolean;
  byPolicy: boolean;
  promoted: boolean;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** The task's label counter when the run read its rows, or when it began; null when neither is known. */
  labelsGiven: number | null;
}

/** Everything that the policy decides on. */
export interface Situation {
  policy: RetrainingPolicy;
  now: number;
  /** How many labels the task was ever given, how many of them by decisions, and when the last came. */
  given: { labels: number; production: number; changedAt: number | null };
  /** Examples of each label, as they stand. */
  examples: readonly { name: string; examples: number }[];
  /** Null while the task has no model. `labelsGiven`: the counter when its dataset was made. */
  champion: { version: string; rows: number; labelsGiven: number } | null;
  /** Why the champion's certificate was suspended; null when it was not. */
  suspended: { reason: string } | null;
  /** Newest first. */
  runs: readonly PastRun[];
}

export interface Assessment {
  start: boolean;
  /** Labels since the newest of: the champion's dataset, the last run's. */
  newLabels: number;
  needed: number;
  /** In plain words: why a run starts, or what is waited for. */
  reason: string;
  /** When what is waited for is a moment, and not labels. */
  notBefore: number | null;
}

const HOUR_MS = 3_600_000;
/** A first import is left to whoever made it: they may be about to start a run with settings of their own. */
const IMPORT_GRACE_MS = 120_000;
/** A first model needs this many examples of two labels at least. */
const FIRST_MODEL_PER_LABEL = 10;
/** Each run that did not pay doubles what the next one needs, this often. */
const MAX_DOUBLINGS = 5;

/**
 * Whether a training run pays now. It does when enough labels have come since the last one: at least `min_new_labels`,
 * and `min_new_share` of what the champion learnt from, for a model gains with the logarithm of its data. A champion
 * whose certificate was suspended does not wait for the share: everything goes to people until there is a better one.
 * A run of the policy that was not promoted doubles what the next needs, so that a task that has learnt what it can
 * does not train for ever.
 */
export function assess(situation: Situation): Assessment {
  const { policy, now, champion, runs } = situation;
  const newLabels = newSince(situation);
  const doublings = Math.min(MAX_DOUBLINGS, unpaid(runs));
  const share = champion === null || situation.suspended !== null ? 0 : policy.min_new_share * champion.rows;
  const needed = Math.ceil(Math.max(policy.min_new_labels, share)) * 2 ** doublings;
  const wait = (reason: string, notBefore: number | null = null): Assessment => ({
    start: false,
    newLabels,
    needed,
    reason,
    notBefore,
  });

  if (policy.mode === 'off') return wait('retraining is off for this task');
  const open = runs.find((run) => run.open);
  if (open !== undefined) return wait(`the training run ${open.id} is under way`);
  if (newLabels < needed) {
    const more = `${needed - newLabels} more labels until the next run (${newLabels} of ${needed})`;
    return wait(doublings === 0 ? more : `${more}; the last ${plural(doublings, 'run')} did not pay`);
  }
  const last = runs.find(({ byPolicy }) => byPolicy);
  const notBefore = last === undefined ? 0 : last.createdAt + policy.min_hours_between * HOUR_MS;
  if (now < notBefore) return wait(`at least ${policy.min_hours_between} h between two runs`, notBefore);

  const enough = `${newLabels} new labels since ${basis(situation)} (needed: ${needed})`;
  const start = (reason: string): Assessment => ({ start: true, newLabels, needed, reason, notBefore: null });
  if (champion !== null) {
    return start(
      situation.suspended === null
        ? enough
        : `the certificate of version ${champion.version} was suspended: ${situation.suspended.reason}; ${enough}`,
    );
  }
  const learnable = situation.examples.filter(({ examples }) => examples >= FIRST_MODEL_PER_LABEL);
  if (learnable.length < 2) {
    return wait(`a first model needs two labels with ${FIRST_MODEL_PER_LABEL} examples each`);
  }
  const graceEnds = (situation.given.changedAt ?? now) + IMPORT_GRACE_MS;
  if (situation.given.production === 0 && runs.length === 0 && now < graceEnds) {
    return wait('the import is fresh: a run can be started by hand before the policy does it', graceEnds);
  }
  return start(`the task has no model yet, and ${enough}`);
}

const plural = (n: number, what: string) => `${n === 1 ? '' : `${n} `}${what}${n === 1 ? '' : 's'}`;

const basis = ({ champion, runs }: Situation) =>
  runs.length > 0 ? 'the last run' : champion === null ? 'the beginning' : `the dataset of version ${champion.version}`;

/** Labels that no run has seen. */
function newSince({ given, champion, runs }: Situation): number {
  const seen = [champion?.labelsGiven ?? 0, ...runs.map(({ labelsGiven }) => labelsGiven ?? 0)];
  return Math.max(0, given.labels - Math.max(...seen));
}

/** How many runs of the policy in a row, the newest first, did not end in a promotion. */
function unpaid(runs: readonly PastRun[]): number {
  let count = 0;
  for (const run of runs) {
    if (run.open) continue;
    if (run.promoted) return count;
    if (run.byPolicy) count++;
  }
  return count;
}
