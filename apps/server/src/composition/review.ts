import type { AuditKeys, TaskStore, Tasks } from '@understudy/decisions';
import type { Inference, ServableModel } from '@understudy/inference';
import { type Clock, type Database, isUnderstudyError, type Logger } from '@understudy/kernel';
import type { DecisionHistory, Ledger, RecordedDecision } from '@understudy/ledger';
import type { Artifact, Registry } from '@understudy/registry';
import {
  type Explainer,
  Figures,
  GoldItems,
  ItemFeed,
  Items,
  Queues,
  Review,
  type ReviewTasks,
  type VerdictLedger,
} from '@understudy/review';
import { PostgresReviewStore } from '@understudy/review/storage';

/** How long a task's rules are taken from memory: so late is a removed label noticed at a verdict. */
const FRESH_MS = 1000;
/** Features of an explanation at most. */
const MOST_FEATURES = 30;
const MOST_TASKS = 10_000;
/** How often verdicts are looked for that a process accepted and then died with. */
const SETTLE_EVERY_MS = 5000;

export interface ReviewRoomPorts {
  database: Database;
  tasks: Tasks;
  taskStore: Pick<TaskStore, 'labelsAt'>;
  auditKeys: AuditKeys;
  ledger: Ledger;
  history: DecisionHistory;
  /** What moved the model in this decision; null when none took part or it cannot be loaded. */
  explain(workspace: string, decision: RecordedDecision): Promise<unknown>;
  clock: Clock;
  logger: Logger;
}

export type ReviewRoom = ReturnType<typeof openReview>;

/** The review room over the rooms below it. */
export function openReview(ports: ReviewRoomPorts) {
  const { clock, logger, history } = ports;
  const store = new PostgresReviewStore(ports.database);
  const tasks = reviewTasks(ports.tasks, ports.taskStore, clock);
  const ledger = verdictLedger(ports.ledger, history);
  const explainer: Explainer = {
    explain: async (workspace, id) => ports.explain(workspace, (await history.get(workspace, id)).decision),
  };
  const review = new Review({ store, tasks, ledger, clock, logger });
  let timer: NodeJS.Timeout | undefined;
  let settling: Promise<unknown> = Promise.resolve();
  return {
    review,
    queues: new Queues({ store, tasks, clock }),
    items: new Items({ store, explainer }),
    gold: new GoldItems({ store, tasks, ledger, clock }),
    figures: new Figures({ store }),
    /** A task was edited or deleted in this process: the next verdict is checked against it as it is now. */
    forget: (workspace: string, slug: string) => tasks.forget(workspace, slug),
    /** Consumer of the ledger's feed: makes the items. */
    feed: new ItemFeed({ store, keys: ports.auditKeys }),
    /** Finishes what a process that died left behind, now and from time to time. */
    start() {
      const settle = () => {
        settling = settling.then(() =>
          review.settleLeftovers().catch((error: unknown) => {
            logger.warn({ err: error }, 'verdicts of a process that died could not be finished yet');
          }),
        );
      };
      settle();
      timer = setInterval(settle, SETTLE_EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await settling;
    },
  };
}

/** What moved the model for the label that a decision answered or suggested, by the version that decided it. */
export function explainer(
  registry: Registry,
  inference: Inference,
  servable: (workspace: string, version: { key: string; format: string; artifact: Artifact }) => ServableModel,
) {
  return async (workspace: string, decision: RecordedDecision): Promise<unknown> => {
    const { decided_by: by, input } = decision;
    const label = decision.label ?? decision.suggestion?.label;
    const text = (input as { text?: unknown } | null)?.text;
    if (by === null || label === undefined || typeof text !== 'string') return null;
    try {
      const { artifact } = await registry.version(workspace, by.model, by.version);
      const model = servable(workspace, { key: `${by.model}/${by.version}`, format: artifact.format, artifact });
      return await inference.explain(model, text, label, MOST_FEATURES);
    } catch (error) {
      if (isUnderstudyError(error) && !error.retryable) return null;
      throw error;
    }
  };
}

function reviewTasks(
  tasks: Tasks,
  store: Pick<TaskStore, 'labelsAt'>,
  clock: Clock,
): ReviewTasks & { forget(workspace: string, slug: string): void } {
  type Rules = Awaited<ReturnType<ReviewTasks['find']>>;
  const known = new Map<string, { at: number; rules: Promise<Rules> }>();
  const revisions = new Map<string, readonly string[]>();
  const load = async (workspace: string, slug: string): Promise<Rules> => {
    try {
      const { id, definition } = await tasks.get(workspace, slug);
      const { title, instructions, labels, audit, automation, review } = definition;
      return {
        id,
        slug,
        title,
        instructions,
        labels,
        auditRate: automation.mode === 'off' ? 0 : Math.max(audit.rate, audit.near_threshold_rate ?? 0),
        hideSuggestions: review.hide_suggestions,
        doubleReviewRate: review.double_review_rate,
        goldRate: review.gold_rate,
        leaseSeconds: review.lease_seconds,
        idleLimitSeconds: review.idle_limit_seconds,
      };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'task_not_found') return null;
      throw error;
    }
  };
  return {
    find(workspace, slug) {
      const key = `${workspace}/${slug}`;
      const now = clock.now();
      const slot = known.get(key);
      // A clock that was set back must not keep rules alive.
      if (slot !== undefined && now >= slot.at && now - slot.at < FRESH_MS) return slot.rules;
      if (known.size >= MOST_TASKS) known.clear();
      const rules = load(workspace, slug);
      known.set(key, { at: now, rules });
      rules.catch(() => known.delete(key));
      return rules;
    },
    forget(workspace, slug) {
      known.delete(`${workspace}/${slug}`);
    },
    async labelsAt(workspace, taskId, revision) {
      const key = `${workspace}/${taskId}/${revision}`;
      const before = revisions.get(key);
      if (before !== undefined) return before;
      const labels = await store.labelsAt(workspace, taskId, revision);
      if (labels !== null) {
        if (revisions.size >= MOST_TASKS) revisions.clear();
        revisions.set(key, labels);
      }
      return labels;
    },
  };
}

function verdictLedger(ledger: Ledger, history: DecisionHistory): VerdictLedger {
  return {
    async append(workspace, { note, ...label }) {
      await ledger.append({ kind: 'label', workspace, ...label, echo: false, ...(note === null ? {} : { note }) });
    },
    async has(workspace, decision, label) {
      return (await history.labels(workspace, decision)).some(({ id }) => id === label);
    },
    async decision(workspace, id) {
      const { decision } = await history.get(workspace, id);
      const { task, input, erased } = decision;
      return { taskId: task.id, task: task.slug, taskRevision: task.revision, input, erased };
    },
  };
}
