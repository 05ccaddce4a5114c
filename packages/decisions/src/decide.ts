import type { NewEvent } from '@understudy/events';
import { type Clock, newId, type Principal, type Tx } from '@understudy/kernel';
import type { DecidedVia } from '@understudy/ledger';
import type { Decision as DecisionBody, PredictionRequest } from '@understudy/wire';
import { auditProbability } from './audit-lane.ts';
import { type Cost, costOf } from './cost.ts';
import { checkItem, checkItems, isItemFit } from './item-check.ts';
import { type Outcome, settle, toPerson } from './outcome.ts';
import type { LivePlans } from './plan.ts';
import type { DecisionLedger, DecisionRecord, LivePlan, ModelAnswer, Predictor } from './ports.ts';

/** The context of one call that is not part of the item. */
export interface CallContext {
  principal: Principal;
  requestId: string;
  traceId: string | null;
  /** What asked, when it is no request of a caller: the job or the source. */
  via?: DecidedVia;
}

/** The caller's Idempotency-Key and the SHA-256 of what came with it. */
export interface IdempotentCall {
  key: string;
  requestHash: Buffer;
}

/** The answer as it is kept and replayed, so that a replay is exact. */
export interface Answer {
  body: string;
  replayed: boolean;
}

/** How an answer is written. What an idempotency key keeps is text, so a form in bytes puts them into text. */
export interface AnswerForm {
  one(decision: DecisionBody): string;
  batch(decisions: readonly DecisionBody[]): string;
}

export const jsonAnswers: AnswerForm = {
  one: (decision) => JSON.stringify(decision),
  batch: (decisions) => JSON.stringify({ decisions }),
};

/** An item decided and not yet written down: nobody may be told before {@link Decide.commitIn} is durable. */
export interface PreparedDecision {
  record: DecisionRecord;
  body: DecisionBody;
}

/** decide(item) → decision. It does not know which transport called it. */
export class Decide {
  readonly #plans: LivePlans;
  readonly #predictor: Predictor;
  readonly #ledger: DecisionLedger;
  readonly #clock: Clock;
  readonly #cpuHourCost: number;

  constructor(ports: {
    plans: LivePlans;
    predictor: Predictor;
    ledger: DecisionLedger;
    clock: Clock;
    cpuHourCost: number;
  }) {
    this.#plans = ports.plans;
    this.#predictor = ports.predictor;
    this.#ledger = ports.ledger;
    this.#clock = ports.clock;
    this.#cpuHourCost = ports.cpuHourCost;
  }

  /**
   * One item. The row is durable before this resolves. Throws task_not_found, input_too_long, invalid_text,
   * idempotency_key_reused, idempotency_key_in_flight, ledger_overloaded, database_unavailable.
   */
  async one(
    call: CallContext,
    slug: string,
    request: PredictionRequest,
    idempotency?: IdempotentCall,
    form: AnswerForm = jsonAnswers,
  ): Promise<Answer> {
    if (idempotency !== undefined) {
      return this.#once(call, idempotency, async () => {
        const plan = await this.#plans.get(call.principal.workspace, slug);
        checkItem(request, maxLength(plan));
        const { record, body } = await this.#draft(call, plan, request);
        return { records: [record], body: form.one(body) };
      });
    }
    const found = this.#plans.get(call.principal.workspace, slug);
    const plan = found instanceof Promise ? await found : found;
    checkItem(request, maxLength(plan));
    const { record, body } = await this.#draft(call, plan, request);
    await this.#ledger.append([record]);
    return { body: form.one(body), replayed: false };
  }

  /** 1…1,000 items, committed together; an invalid one rejects all, with every pointer. */
  async batch(
    call: CallContext,
    slug: string,
    requests: readonly PredictionRequest[],
    idempotency?: IdempotentCall,
    form: AnswerForm = jsonAnswers,
  ): Promise<Answer> {
    const decideAll = async () => {
      const plan = await this.#plans.get(call.principal.workspace, slug);
      checkItems(requests, maxLength(plan));
      const drafted = await Promise.all(requests.map((request) => this.#draft(call, plan, request)));
      const decisions = drafted.map(({ body }) => body);
      return { records: drafted.map(({ record }) => record), body: form.batch(decisions) };
    };
    if (idempotency !== undefined) return this.#once(call, idempotency, decideAll);
    const { records, body } = await decideAll();
    await this.#ledger.append(records);
    return { body, replayed: false };
  }

  /**
   * Decides one item without writing it down, for whoever commits the row together with something of its own (a job's
   * end, an inbox). Items prepared at once share the model's batches. Throws as {@link one} does, but for the ledger's
   * errors. Whoever gets a refusal here gives the item up, so none comes from a plan that was read before the call.
   */
  async prepare(call: CallContext, slug: string, request: PredictionRequest): Promise<PreparedDecision> {
    const { workspace } = call.principal;
    const calledAt = this.#clock.now();
    let plan = await this.#plans.get(workspace, slug);
    if (!isItemFit(request, maxLength(plan))) {
      plan = await this.#plans.readAfter(workspace, slug, calledAt);
      checkItem(request, maxLength(plan));
    }
    return this.#draft(call, plan, request);
  }

  /**
   * Writes prepared decisions of one workspace, 1…1,000, inside the caller's transaction, and events that follow them
   * (with these at most 1,000). It locks the workspace's log until that ends, so it comes last.
   */
  commitIn(tx: Tx, prepared: readonly PreparedDecision[], events: readonly NewEvent[] = []): Promise<void> {
    return this.#ledger.appendIn(
      tx,
      prepared.map(({ record }) => record),
      events,
    );
  }

  #once(
    call: CallContext,
    idempotency: IdempotentCall,
    decide: () => Promise<{ records: DecisionRecord[]; body: string }>,
  ): Promise<Answer> {
    return this.#ledger.appendOnce(call.principal.workspace, idempotency, decide);
  }

  async #draft(call: CallContext, plan: LivePlan, request: PredictionRequest): Promise<PreparedDecision> {
    const startedAt = performance.now();
    const { outcome, answer } = await this.#answer(plan, request.input.text);
    const modelMilliseconds = performance.now() - startedAt;
    const { task, champion } = plan;
    const { workspace } = call.principal;
    const explained = outcome.label ?? outcome.suggestion?.label;
    const explanation =
      request.explain === true && answer !== null && champion !== null && explained !== undefined
        ? await this.#predictor.explain(workspace, champion, { text: request.input.text }, explained)
        : undefined;
    const now = this.#clock.now();
    const id = newId('dec', now);
    const cost: Cost = costOf(answer?.microseconds ?? 0, this.#cpuHourCost, task.definition.economics.currency);
    const decidedBy =
      answer === null || champion === null
        ? null
        : { rung: 'own_model', model: champion.model, version: champion.version };
    const automation = task.definition.automation.mode;
    const audited =
      outcome.outcome === 'automated' ? auditProbability(task, outcome.confidence ?? 0, outcome.threshold ?? 0) : 0;
    return {
      record: {
        id,
        workspace,
        taskId: task.id,
        task: task.slug,
        taskRevision: task.revision,
        createdAt: now,
        automation,
        outcome: outcome.outcome,
        label: outcome.label,
        suggestion: outcome.suggestion?.label ?? null,
        confidence: outcome.confidence,
        threshold: outcome.threshold,
        reviewReason: outcome.reason,
        candidates: outcome.candidates,
        decidedBy,
        input: request.input,
        subject: request.subject ?? null,
        externalId: request.external_id ?? null,
        attributes: request.attributes ?? null,
        cost,
        modelMilliseconds: Math.round(modelMilliseconds * 1000) / 1000,
        certificate: plan.certificate?.id ?? null,
        auditProbability: audited > 0 ? audited : null,
        requestId: call.requestId,
        traceId: call.traceId,
        principal: call.principal.id,
        via: call.via ?? null,
      },
      body: {
        id,
        task: task.slug,
        outcome: outcome.outcome,
        label: outcome.label,
        confidence: outcome.confidence,
        threshold: outcome.threshold,
        automation,
        ...(outcome.reason === null
          ? {}
          : { suggestion: outcome.suggestion, review: { item: reviewItemOf(id), reason: outcome.reason } }),
        candidates: outcome.candidates,
        decided_by: decidedBy,
        ...(request.external_id === undefined ? {} : { external_id: request.external_id }),
        created_at: new Date(now).toISOString(),
        cost,
        ...(explanation === undefined ? {} : { explanation }),
      } as DecisionBody,
    };
  }

  async #answer(plan: LivePlan, text: string): Promise<{ outcome: Outcome; answer: ModelAnswer | null }> {
    const { task, champion } = plan;
    if (champion === null) return { outcome: toPerson('no_model', null, []), answer: null };
    try {
      const answer = await this.#predictor.predict(task.workspace, champion, { text });
      return { outcome: settle(plan, answer), answer };
    } catch (error) {
      // A model that cannot answer is no reason to refuse the item: a person can.
      if (!hasCode(error, 'model_unavailable') && !hasCode(error, 'model_artifact_invalid')) throw error;
      return { outcome: toPerson('model_unavailable', null, []), answer: null };
    }
  }
}

/** The review item of a decision has its id from it, so that the answer can name it before the queue has it. */
export function reviewItemOf(decision: string): string {
  return `itm_${decision.slice(4)}`;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function maxLength(plan: LivePlan): number {
  return plan.task.definition.input.text.max_length ?? 20_000;
}
