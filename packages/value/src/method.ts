import { FEWEST_AUDITS } from './error-rate.ts';

export const ERROR_METHOD =
  'Horvitz–Thompson weights over blind audits; exact Clopper–Pearson interval where all audit probabilities are equal, betting interval (Waudby-Smith & Ramdas 2023) where not.';

/** How each figure comes about, for people. */
export const METHOD: Readonly<Record<string, string>> = {
  window:
    'Whole hours in UTC. A decision counts in the hour in which it was made, with everything that was said about it later, up to the named ledger head.',
  automation:
    'Automated: the label was returned to the application as final. The rate is automated decisions of all decisions. The human-touch rate counts every decision that a person had to look at: those left to people, and audited ones.',
  error_rate: `Only blind audits count: automated decisions drawn by chance, their probability recorded before the answer, labelled by people who could not see it. ${ERROR_METHOD} Below ${FEWEST_AUDITS} audits no rate is given. Decisions made while no audit ran widen the interval by their whole share.`,
  baseline: 'All decisions × minutes by hand × cost an hour, as the economics of each task say now.',
  reviewer:
    'Minutes measured at the verdicts (idle time cut off at the limit of the task) × cost an hour. Verdicts without a measured time, items that wait, and items that the application’s own people answered count with the minutes by hand: work that is not done yet is not saved.',
  audit:
    'Minutes measured at the verdicts of audits × cost an hour; those without a time count with the minutes by hand.',
  model: 'What each decision recorded as its cost: own models (CPU time at the stated price), and hosted ones.',
  infrastructure:
    'Stated in the economics of the task, a month (365.25 / 12 days), for the part of the window that has passed.',
  errors:
    'Automated decisions × error rate × cost of an error. In stretches of time the rate of the whole window is used, as single stretches have too few audits.',
  savings:
    'Baseline − all costs; the rate is that of the baseline. Its interval is what the ends of the error interval give; over several tasks the intervals are widened so that they hold together (Bonferroni). Nothing is rounded up.',
  evidence:
    'The figures follow from the rows of the ledger up to the named head. `understudy value --export` writes these rows, `understudy value --verify` recomputes every figure from that file alone.',
};
