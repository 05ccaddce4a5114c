import type { Delivery, DeliveryLog, Outgoing, Webhooks } from '@understudy/events';
import {
  deadLetterTrail,
  jobTrail,
  messageTrail,
  Trail,
  type TrailId,
  type TrailPart,
  type TrailStep,
} from '@understudy/jobs';
import { PostgresJobStore, PostgresTrailStore } from '@understudy/jobs/storage';
import { actingFor, type Database, isUnderstudyError } from '@understudy/kernel';
import type { DecisionHistory, EventLog } from '@understudy/ledger';
import type { Items } from '@understudy/review';

export interface TrailPorts {
  database: Database;
  history: DecisionHistory;
  events: EventLog;
  outgoing: Pick<Outgoing, 'find'>;
  webhooks: Webhooks;
  deliveries: DeliveryLog;
  items: Pick<Items, 'get'>;
}

/** What became of a message, over all rooms that it can pass. */
export function openTrail(ports: TrailPorts): Trail {
  const store = new PostgresTrailStore(ports.database);
  return new Trail([
    messageTrail(store),
    jobTrail(new PostgresJobStore(ports.database)),
    eventTrail(ports.events),
    decisionTrail(ports.history),
    reviewTrail(ports.items),
    replyTrail(ports.outgoing),
    deliveryTrail(ports.webhooks, ports.deliveries),
    deadLetterTrail(store),
  ]);
}

/** Null where a room says that it knows nothing of this id. */
async function ifThere<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (isUnderstudyError(error) && !error.retryable) return null;
    throw error;
  }
}

const EVENT = /^evt_(\d{1,15})_(\d{1,9})(_1)?$/;

function eventTrail(log: EventLog): TrailPart {
  return {
    kinds: ['event'],
    async follow(workspace, asked) {
      const ids: TrailId[] = [];
      for (const { id } of asked) {
        const [, commit, position] = EVENT.exec(id) ?? [];
        if (commit === undefined || position === undefined) continue;
        // The log is read from a place on; the place in front of it may not be there, and need not be.
        const before =
          position === '0' ? `evt_${Number(commit) - 1}_999999999` : `evt_${commit}_${Number(position) - 1}_1`;
        const from = commit === '0' && position === '0' ? null : before;
        const events = (await ifThere(log.read(workspace, from, 3))) ?? [];
        const found = events.find((event) => event.id === id);
        if (found === undefined) continue;
        const kind = found.subject.startsWith('dec_') ? 'decision' : found.subject.startsWith('job_') ? 'job' : 'other';
        ids.push({ kind, id: found.subject });
      }
      return { steps: [], ids };
    },
  };
}

const MOST_SAME = 10;

function decisionTrail(history: DecisionHistory): TrailPart {
  return {
    kinds: ['decision', 'other'],
    async follow(workspace, asked) {
      const steps: TrailStep[] = [];
      const ids: TrailId[] = [];
      for (const { kind, id } of asked) {
        if (kind === 'other') {
          const same = await history.list(workspace, { externalId: id }, { limit: MOST_SAME });
          ids.push(...same.decisions.map((decision) => ({ kind: 'decision' as const, id: decision.id })));
          continue;
        }
        const found = await ifThere(history.get(workspace, id));
        if (found === null) continue;
        const { decision, labels } = found;
        ids.push({ kind: 'decision', id });
        if (decision.via?.kind === 'job') ids.push({ kind: 'job', id: decision.via.id });
        if (decision.via?.message !== undefined) ids.push({ kind: 'message', id: decision.via.message });
        const review = decision.review_reason === null ? '' : `: ${decision.review_reason}`;
        steps.push({
          at: Date.parse(decision.created_at),
          place: 'decision',
          id,
          what: decision.outcome === 'automated' ? `answered ${decision.label}` : `put before people${review}`,
          current: true,
          details: {
            task: decision.task.slug,
            outcome: decision.outcome,
            label: decision.label,
            decided_by: decision.decided_by,
            ledger: { commit: decision.commit, position: decision.position },
            trace_id: decision.trace_id,
            request_id: decision.request_id,
            ...(decision.erased ? { erased: true } : {}),
          },
        });
        for (const label of labels) {
          steps.push({
            at: Date.parse(label.createdAt),
            place: 'label',
            id: label.id,
            what: `labelled ${label.label} by ${label.source}`,
            current: false,
            details: { decision: id, source: label.source, given_by: label.principal },
          });
        }
      }
      return { steps, ids };
    },
  };
}

function reviewTrail(items: Pick<Items, 'get'>): TrailPart {
  return {
    kinds: ['decision'],
    async follow(workspace, asked) {
      const steps: TrailStep[] = [];
      for (const { id: decision } of asked) {
        const id = `itm_${decision.slice(4)}`;
        const found = await ifThere(items.get(workspace, id));
        // That a decision is audited is not said: audits are blind.
        if (found === null || found.item.kind !== 'review') continue;
        const { item } = found;
        const details = { decision };
        steps.push({
          at: item.createdAt,
          place: 'review',
          id,
          what: 'came into the review queue',
          current: false,
          details,
        });
        const open = item.state === 'waiting' || item.state === 'answering';
        const end = open ? 'waits for a reviewer' : item.state === 'answered' ? 'was answered' : 'left the queue';
        const at = open ? item.createdAt : item.answeredAt;
        const why = item.closedReason === null ? {} : { reason: item.closedReason };
        steps.push({ at, place: 'review', id, what: end, current: true, details: { ...details, ...why } });
      }
      return { steps, ids: [] };
    },
  };
}

function replyTrail(outgoing: Pick<Outgoing, 'find'>): TrailPart {
  return {
    kinds: ['reply'],
    async follow(workspace, asked) {
      const steps: TrailStep[] = [];
      for (const { id } of asked) {
        const waiting = await outgoing.find(workspace, id);
        for (const { bus, topic, attempts, problem } of waiting) {
          const details = { bus, topic, attempts, ...(problem === null ? {} : { problem }) };
          steps.push({ at: null, place: 'reply', id, what: 'waits to be published', current: true, details });
        }
        if (waiting.length === 0) {
          const what = 'is not waiting: it was published, unless a dead letter holds it';
          steps.push({ at: null, place: 'reply', id, what, current: true, details: {} });
        }
      }
      return { steps, ids: [] };
    },
  };
}

const MOST_DELIVERIES = 20;

function deliveryTrail(webhooks: Webhooks, log: DeliveryLog): TrailPart {
  return {
    kinds: ['decision', 'job'],
    async follow(workspace, asked) {
      const principal = actingFor(workspace, 'trail');
      const endpoints = await webhooks.list(principal, { limit: 100 });
      const steps: TrailStep[] = [];
      for (const { id: subject } of asked) {
        for (const webhook of [null, ...endpoints.map(({ id }) => id)]) {
          const found = await log.list(principal, webhook, { subject }, { limit: MOST_DELIVERIES });
          for (const delivery of found) steps.push(...(await deliverySteps(principal, log, delivery)));
        }
      }
      return { steps, ids: [] };
    },
  };
}

const DELIVERY = {
  waiting: 'waits for its next attempt',
  delivered: 'was delivered',
  failed: 'was given up',
} as const;

async function deliverySteps(
  principal: ReturnType<typeof actingFor>,
  log: DeliveryLog,
  delivery: Delivery,
): Promise<TrailStep[]> {
  const { id, webhook, type, event, subject, status } = delivery;
  const place = webhook === null ? ('callback' as const) : ('webhook' as const);
  const details = { event, type, subject, ...(webhook === null ? {} : { webhook }) };
  const { attempts } = await log.get(principal, webhook, id);
  return [
    { at: delivery.createdAt, place, id, what: `${type} was put in line`, current: false, details },
    ...attempts.map(
      (attempt): TrailStep => ({
        at: attempt.at,
        place,
        id,
        what: `attempt ${attempt.number}: ${attempt.problem ?? attempt.responseStatus}`,
        current: false,
        details: { status: attempt.responseStatus, ...(attempt.detail === null ? {} : { detail: attempt.detail }) },
      }),
    ),
    {
      at: delivery.finishedAt ?? attempts.at(-1)?.at ?? delivery.createdAt,
      place,
      id,
      what: DELIVERY[status],
      current: true,
      details: status === 'waiting' ? { ...details, next_at: new Date(delivery.nextAt).toISOString() } : details,
    },
  ];
}
