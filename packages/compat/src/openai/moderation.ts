import {
  type Decision,
  type ModerationCategory,
  moderationCategories,
  type OpenAiSettingsRequest,
} from '@understudy/wire';

/** How one task answers for moderation. */
export type ModerationRules = OpenAiSettingsRequest['moderation'][number];

/** OpenAI's own models: what is sent to them goes to the workspace's default task. */
export const wellKnownModerationModels: ReadonlySet<string> = new Set([
  'omni-moderation-latest',
  'omni-moderation-2024-09-26',
  'text-moderation-latest',
  'text-moderation-stable',
  'text-moderation-007',
]);

export interface ModerationResult {
  flagged: boolean;
  categories: Record<string, boolean>;
  category_scores: Record<string, number>;
  category_applied_input_types: Record<string, string[]>;
  /** The decision itself, beside what OpenAI's shape can say. */
  understudy: Decision;
}

const standard: ReadonlySet<string> = new Set(moderationCategories);

function categoryOf(rules: ModerationRules, label: string): ModerationCategory | null {
  const { categories = {} } = rules;
  if (Object.hasOwn(categories, label)) return categories[label]!;
  return standard.has(label) ? (label as ModerationCategory) : null;
}

/**
 * A decision in the shape of OpenAI's moderation. All 13 standard categories are there, and every label of the task as
 * one more. A category is true only when the item is flagged for it; one that no label of the task counts for was not
 * looked at, and says so with an empty `category_applied_input_types`. Scores are the decision's candidates (the best
 * five labels; 0 for the others); several labels of one category are added up.
 */
export function moderationResult(
  decision: Decision,
  rules: ModerationRules,
  labels: readonly string[],
): ModerationResult {
  const flagging = new Set(rules.flagged_labels);
  const said = decision.label ?? decision.suggestion?.label ?? null;
  const flagged = isFlagged(decision, rules, flagging);
  const hit = flagged && said !== null && flagging.has(said) ? said : null;
  const scoreOf = new Map(decision.candidates.map(({ label, score }) => [label, score]));

  const categories = new Map<string, boolean>(moderationCategories.map((name) => [name, false]));
  const scores = new Map<string, number>(moderationCategories.map((name) => [name, 0]));
  const applied = new Map<string, string[]>(moderationCategories.map((name) => [name, []]));
  for (const label of labels) {
    const score = scoreOf.get(label) ?? 0;
    const category = categoryOf(rules, label);
    if (category !== label) {
      categories.set(label, label === hit);
      scores.set(label, score);
      applied.set(label, ['text']);
    }
    if (category === null) continue;
    if (label === hit) categories.set(category, true);
    scores.set(category, Math.min(1, Math.round((scores.get(category)! + score) * 1e6) / 1e6));
    applied.set(category, ['text']);
  }
  // `fromEntries` makes own fields of every name, whatever a label is called.
  return {
    flagged,
    categories: Object.fromEntries(categories),
    category_scores: Object.fromEntries(scores),
    category_applied_input_types: Object.fromEntries(applied),
    understudy: decision,
  };
}

function isFlagged(decision: Decision, rules: ModerationRules, flagging: ReadonlySet<string>): boolean {
  if (decision.outcome === 'automated') return decision.label !== null && flagging.has(decision.label);
  if (rules.review !== 'suggestion') return rules.review === 'flag';
  const suggested = decision.suggestion?.label;
  return suggested === undefined || flagging.has(suggested);
}
