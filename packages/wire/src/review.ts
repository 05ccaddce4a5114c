import { type Static, Type } from 'typebox';
import { Body, PageQuery, Slug, Timestamp } from './common.ts';

const NullableText = Type.Union([Type.String(), Type.Null()]);
const NullableNumber = Type.Union([Type.Number(), Type.Null()]);
const NullableTime = Type.Union([Timestamp, Type.Null()]);

/** One of these words. */
const OneOf = <const T extends string>(words: readonly T[], options: { description?: string } = {}) =>
  Type.Unsafe<T>(
    Type.Union(
      words.map((word) => Type.Literal(word)),
      options,
    ),
  );

const ItemId = Type.String({ maxLength: 100, description: 'Id of a review item, `itm_…`.' });
const ClaimToken = Type.String({
  minLength: 1,
  maxLength: 100,
  description:
    'From the claim. Another claim of the item gets another token, and this one is worth nothing from then on.',
});
const Note = Type.String({ minLength: 1, maxLength: 4000 });

export const ReviewClaimRequest = Body(
  {
    task: Type.Optional(Slug),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 1 })),
    queue: Type.Optional(
      Type.Union([Type.Literal('reviewers'), Type.Literal('leads')], {
        default: 'reviewers',
        description: '`leads` = what was escalated; needs the scope review:lead.',
      }),
    ),
    items: Type.Optional(
      Type.Array(ItemId, {
        minItems: 1,
        maxItems: 50,
        uniqueItems: true,
        description: 'These items instead of the next ones; needs the scope review:lead.',
      }),
    ),
  },
  { $id: 'ReviewClaimRequest' },
);
export type ReviewClaimRequest = Static<typeof ReviewClaimRequest>;

/** What a reviewer is shown. Nothing in it depends on why the item stands in the queue. */
export const ReviewClaim = Type.Object(
  {
    item: ItemId,
    task: Slug,
    claim_token: ClaimToken,
    expires_at: Type.String({
      format: 'date-time',
      description: 'From then on another reviewer may get the item; until one does, a verdict still counts.',
    }),
    decision: Type.Object({
      id: Type.String(),
      input: Type.Unknown(),
      suggestion: Type.Optional(Type.Object({ label: Type.String(), confidence: Type.Number() })),
    }),
    labels: Type.Array(Type.String(), {
      description: 'The answers that this item can have: labels of the task that its decision already knew.',
    }),
  },
  { $id: 'ReviewClaim' },
);
export type ReviewClaim = Static<typeof ReviewClaim>;

/** What a reviewer needs to know of a task. */
export const ReviewTask = Type.Object(
  {
    task: Slug,
    title: Type.String(),
    instructions: Type.String({ description: 'Markdown.' }),
    labels: Type.Array(Type.Object({ name: Type.String(), description: Type.Optional(Type.String()) })),
    idle_limit_seconds: Type.Integer({ description: 'Longer than this on one item is not counted as work.' }),
    undo_seconds: Type.Integer({ description: 'How long a verdict can be taken back by whoever gave it.' }),
  },
  { $id: 'ReviewTask' },
);
export type ReviewTask = Static<typeof ReviewTask>;

export const ReviewClaims = Type.Object(
  {
    claims: Type.Array(Type.Ref('ReviewClaim'), { description: 'In the order in which to work on them.' }),
    tasks: Type.Array(Type.Ref('ReviewTask'), { description: 'The tasks of these claims.' }),
  },
  { $id: 'ReviewClaims' },
);
export type ReviewClaims = { claims: ReviewClaim[]; tasks: ReviewTask[] };

export const ReviewVerdictRequest = Body(
  {
    claim_token: ClaimToken,
    label: Type.String({ minLength: 1, maxLength: 200 }),
    seconds: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 86_400,
        description:
          'Active seconds on this item. Absent = since the claim or the verdict before. Capped by the idle limit.',
      }),
    ),
    note: Type.Optional(Note),
  },
  { $id: 'ReviewVerdictRequest' },
);
export type ReviewVerdictRequest = Static<typeof ReviewVerdictRequest>;

export const ReviewVerdict = Type.Object(
  {
    item: ItemId,
    task: Slug,
    decision: Type.String(),
    label: Type.String(),
    seconds: Type.Number({ description: 'As counted.' }),
    answered_at: Timestamp,
    undo_until: Timestamp,
  },
  { $id: 'ReviewVerdict' },
);
export type ReviewVerdict = Static<typeof ReviewVerdict>;

/** Skip, release, escalate, undo. */
export const ReviewHandback = Body(
  { claim_token: ClaimToken, note: Type.Optional(Note) },
  { $id: 'ReviewHandback', description: '`note` is for the lead who gets the item.' },
);
export type ReviewHandback = Static<typeof ReviewHandback>;

export const ReviewStatus = OneOf(['waiting', 'claimed', 'escalated', 'answered', 'closed']);

export const ReviewItemState = Type.Object({ item: ItemId, status: ReviewStatus }, { $id: 'ReviewItemState' });
export type ReviewItemState = { item: string; status: string };

const Kind = OneOf(['review', 'audit', 'appeal', 'gold'], {
  description: 'Why the item stands in the queue. `gold` is an item whose answer is known.',
});

/** An item as leads see it; a reviewer gets the same with `lead: null`. */
export const ReviewItem = Type.Object(
  {
    item: ItemId,
    task: Slug,
    status: ReviewStatus,
    decision: Type.Object({ id: Type.String(), input: Type.Unknown({ description: 'null when erased.' }) }),
    created_at: Timestamp,
    lead: Type.Union([
      Type.Object({
        kind: Kind,
        reason: NullableText,
        suggestion: Type.Union([Type.Object({ label: Type.String(), confidence: Type.Number() }), Type.Null()]),
        escalation: Type.Union([Type.String(), Type.Null()], {
          description: 'by_reviewer, skipped or disagreement, where a lead has to decide.',
        }),
        closed_reason: Type.Union([Type.String(), Type.Null()], {
          description: 'answered_elsewhere, erased, task_deleted or labels_gone.',
        }),
        claimed_by: NullableText,
        claim_expires_at: NullableTime,
        skips: Type.Integer(),
        opinions: Type.Array(
          Type.Object({
            reviewer: Type.String(),
            label: Type.String(),
            seconds: Type.Number(),
            note: NullableText,
            suggestion_shown: Type.Boolean(),
            undone: Type.Boolean(),
            at: Timestamp,
          }),
          { description: 'Oldest first. Empty in lists.' },
        ),
        notes: Type.Array(
          Type.Object({ by: Type.String(), action: Type.String(), note: Type.String(), at: Timestamp }),
          {
            description: 'What reviewers wrote when they handed the item back.',
          },
        ),
        answer: NullableText,
        answered_at: NullableTime,
      }),
      Type.Null(),
    ]),
  },
  { $id: 'ReviewItem' },
);
export type ReviewItem = Static<typeof ReviewItem>;

export const ReviewItemList = Type.Object(
  { data: Type.Array(Type.Ref('ReviewItem')), next_cursor: NullableText },
  { $id: 'ReviewItemList' },
);
export type ReviewItemList = { data: ReviewItem[]; next_cursor: string | null };

export const ReviewItemQuery = Body({
  ...PageQuery,
  task: Type.Optional(Slug),
  status: Type.Optional(ReviewStatus),
  kind: Type.Optional(Kind),
});
export type ReviewItemQuery = { limit?: number; cursor?: string; task?: string; status?: string; kind?: string };

export const ReviewTaskQuery = Body({ task: Type.Optional(Slug) });
export type ReviewTaskQuery = Static<typeof ReviewTaskQuery>;

const queueFields = {
  depth: Type.Integer({ description: 'Items that the caller could be given, now or when claims of others end.' }),
  claimed: Type.Integer({ description: 'Of these, being worked on now.' }),
  oldest_at: NullableTime,
  median_seconds: Type.Union([Type.Number(), Type.Null()], {
    description: 'Per verdict, over the last 7 days; null without one.',
  }),
  minutes_waiting: Type.Union([Type.Number(), Type.Null()], { description: 'Depth × median.' }),
  reviewer_minutes_per_day: Type.Number({ description: 'Minutes that reviewers gave a day, over the last 7 days.' }),
  arriving_per_day: Type.Number({
    description: 'Items a day, over the last 7 days (fewer where the queue is younger).',
  }),
  expected_empty_at: Type.Union([Timestamp, Type.Null()], {
    description: 'When nothing waits any more at this pace; null when it never happens or nothing is known.',
  }),
  outlook: OneOf(['empty', 'shrinking', 'growing', 'unknown'], {
    description: '`growing`: more arrives than the reviewers of the last days get through.',
  }),
};

export const ReviewQueue = Type.Object(
  {
    task: Slug,
    title: Type.String(),
    ...queueFields,
    suggestions_hidden: Type.Number({
      description:
        'Share of items shown without the model’s suggestion. Never below 0.5 while the task has an audit lane, because a missing suggestion would give audits away.',
    }),
    lead: Type.Union([
      Type.Object({
        escalated: Type.Integer(),
        kinds: Type.Object({
          review: Type.Integer(),
          audit: Type.Integer(),
          appeal: Type.Integer(),
          gold: Type.Integer(),
        }),
        second_opinions: Type.Integer(),
      }),
      Type.Null(),
    ]),
  },
  { $id: 'ReviewQueue' },
);
export type ReviewQueue = Static<typeof ReviewQueue>;

export const ReviewQueues = Type.Object(
  { data: Type.Array(Type.Ref('ReviewQueue')), total: Type.Object(queueFields) },
  { $id: 'ReviewQueues', description: 'One queue a task, fullest first.' },
);

const Share = Type.Object(
  { n: Type.Integer(), count: Type.Integer(), rate: NullableNumber, low: NullableNumber, high: NullableNumber },
  { description: 'count of n, with its exact 95 % interval (Clopper–Pearson); null without evidence.' },
);

export const ReviewReviewer = Type.Object(
  {
    reviewer: Type.String({ description: 'Id of the key or member.' }),
    verdicts: Type.Integer(),
    minutes: Type.Number(),
    median_seconds: NullableNumber,
    last_verdict_at: Timestamp,
    gold: Share,
    agreement: Share,
    confirmation: Type.Object(
      {
        shown: Share,
        blind: Share,
        p_value: NullableNumber,
      },
      {
        description:
          '`shown`: how often a suggestion that the reviewer saw was confirmed; `blind`: how often the reviewer agreed with one unseen; p-value of Fisher’s exact test that seeing it changes nothing.',
      },
    ),
    estimated_accuracy: Type.Union([Type.Number(), Type.Null()], {
      description: 'By Dawid–Skene from items with several opinions; null where there are too few.',
    }),
    flags: Type.Array(OneOf(['confirms_suggestions', 'low_gold_accuracy', 'low_agreement', 'implausibly_fast'])),
  },
  { $id: 'ReviewReviewer' },
);

export const ReviewReviewers = Type.Object(
  { data: Type.Array(Type.Ref('ReviewReviewer')), since: Timestamp },
  { $id: 'ReviewReviewers' },
);

export const ReviewAgreement = Type.Object(
  {
    task: Slug,
    since: Timestamp,
    items: Type.Integer({ description: 'Items with at least two opinions.' }),
    alpha: Type.Union([Type.Number(), Type.Null()], {
      description: 'Krippendorff’s α, nominal; null where it is not defined.',
    }),
    agreement: Share,
    confusions: Type.Array(Type.Object({ first: Type.String(), second: Type.String(), count: Type.Integer() }), {
      description: 'Pairs of labels that reviewers mixed up, most often first; at most 50.',
    }),
    reviewers: Type.Array(
      Type.Object({
        reviewer: Type.String(),
        opinions: Type.Integer(),
        estimated_accuracy: NullableNumber,
        confusion: Type.Array(
          Type.Object({ truth: Type.String(), answered: Type.String(), probability: Type.Number() }),
          { description: 'By Dawid–Skene; the largest wrong ones first, at most 20.' },
        ),
      }),
    ),
  },
  { $id: 'ReviewAgreement' },
);

export const ReviewGoldRequest = Body(
  {
    decision: Type.String({ minLength: 1, maxLength: 100 }),
    label: Type.String({ minLength: 1, maxLength: 200, description: 'What is known to be right.' }),
  },
  { $id: 'ReviewGoldRequest' },
);
export type ReviewGoldRequest = Static<typeof ReviewGoldRequest>;

export const ReviewGold = Type.Object(
  {
    id: Type.String(),
    task: Slug,
    decision: Type.String(),
    label: Type.String(),
    created_by: Type.String(),
    created_at: Timestamp,
    answered: Type.Integer(),
    correct: Type.Integer(),
  },
  { $id: 'ReviewGold' },
);

export const ReviewGoldList = Type.Object(
  { data: Type.Array(Type.Ref('ReviewGold')), next_cursor: NullableText },
  { $id: 'ReviewGoldList' },
);
