import type * as wire from '@understudy/wire';
import { type Item, statusOf, type Verdict } from '../item.ts';
import type { Handback, TaskRules } from '../ports.ts';
import type { Outlook, Queue } from '../queues.ts';
import { type Claimed, UNDO_SECONDS } from '../review.ts';

const iso = (time: number) => new Date(time).toISOString();
const isoOrNull = (time: number | null) => (time === null ? null : iso(time));
const rounded = (value: number | null) => (value === null ? null : Math.round(value * 100) / 100);

export function presentClaim({ item, suggestion, labels }: Claimed): wire.ReviewClaim {
  return {
    item: item.id,
    task: item.task,
    claim_token: item.claim!.token,
    expires_at: iso(item.claim!.until),
    decision: { id: item.decision, input: item.input, ...(suggestion === null ? {} : { suggestion }) },
    labels: [...labels],
  };
}

function presentTask(rules: TaskRules): wire.ReviewTask {
  return {
    task: rules.slug,
    title: rules.title,
    instructions: rules.instructions,
    labels: rules.labels.map(({ name, description }) => (description === undefined ? { name } : { name, description })),
    idle_limit_seconds: rules.idleLimitSeconds,
    undo_seconds: UNDO_SECONDS,
  };
}

export function presentClaims(claimed: readonly Claimed[]): wire.ReviewClaims {
  const tasks = new Map(claimed.map(({ rules }) => [rules.id, rules]));
  return { claims: claimed.map(presentClaim), tasks: [...tasks.values()].map(presentTask) };
}

export function presentVerdict(verdict: Verdict): wire.ReviewVerdict {
  return {
    item: verdict.item,
    task: verdict.task,
    decision: verdict.decision,
    label: verdict.label,
    seconds: rounded(verdict.seconds)!,
    answered_at: iso(verdict.at),
    undo_until: iso(verdict.at + UNDO_SECONDS * 1000),
  };
}

/** What a reviewer is told of an item; the rest only to leads. */
export function presentItem(
  item: Item,
  lead: boolean,
  history: { verdicts: readonly Verdict[]; handbacks: readonly Handback[] } = { verdicts: [], handbacks: [] },
): wire.ReviewItem {
  return {
    item: item.id,
    task: item.task,
    status: statusOf(item),
    decision: { id: item.decision, input: item.input },
    created_at: iso(item.createdAt),
    lead: !lead
      ? null
      : {
          kind: item.kind,
          reason: item.reason,
          suggestion:
            item.kind !== 'review' || item.modelLabel === null
              ? null
              : { label: item.modelLabel, confidence: item.modelConfidence ?? 0 },
          escalation: item.escalation,
          closed_reason: item.closedReason,
          claimed_by: item.claim?.live === true ? item.claim.by : null,
          claim_expires_at: item.claim?.live === true ? iso(item.claim.until) : null,
          skips: item.skips,
          opinions: history.verdicts.map((verdict) => ({
            reviewer: verdict.reviewer,
            label: verdict.label,
            seconds: rounded(verdict.seconds)!,
            note: verdict.note,
            suggestion_shown: verdict.shown !== null,
            undone: verdict.state === 'undone',
            at: iso(verdict.at),
          })),
          notes: history.handbacks.flatMap(({ by, action, note, at }) =>
            note === null ? [] : [{ by, action, note, at: iso(at) }],
          ),
          answer: item.answer,
          answered_at: isoOrNull(item.answeredAt),
        },
  };
}

export function presentOutlook(queue: Outlook) {
  return {
    depth: queue.depth,
    claimed: queue.claimed,
    oldest_at: isoOrNull(queue.oldestAt),
    median_seconds: rounded(queue.medianSeconds),
    minutes_waiting: rounded(queue.minutesWaiting),
    reviewer_minutes_per_day: rounded(queue.reviewerMinutesPerDay)!,
    arriving_per_day: rounded(queue.arrivingPerDay)!,
    expected_empty_at: isoOrNull(queue.expectedEmptyAt),
    outlook: queue.outlook,
  };
}

export function presentQueue(queue: Queue, lead: boolean): wire.ReviewQueue {
  return {
    task: queue.rules.slug,
    title: queue.rules.title,
    ...presentOutlook(queue),
    suggestions_hidden: queue.suggestionsHidden,
    lead: lead
      ? {
          escalated: queue.counts.escalated,
          kinds: queue.counts.kinds,
          second_opinions: queue.counts.secondOpinions,
        }
      : null,
  };
}
