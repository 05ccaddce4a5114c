import { isDeepStrictEqual } from 'node:util';
import {
  type Answer,
  type CallContext,
  type Decide,
  decisionsErrors,
  type IdempotentCall,
  type Task,
} from '@understudy/decisions';
import { type Clock, type FieldProblem, isUnderstudyError, newId, type Principal } from '@understudy/kernel';
import type { Decision, PredictRouteRequest } from '@understudy/wire';
import { compatErrors } from '../errors.ts';
import { FreshValues } from '../fresh-values.ts';
import type { AuditTrail, PredictRouteStore } from '../ports.ts';
import { type CompiledRoute, compileRoute, compileStored } from './compiled-route.ts';
import { type PredictRoute, type PredictRouteDefinition, predictRouteEtag } from './predict-route.ts';

export interface EditConditions {
  /** `If-Match`: the ETag that the caller edits on top of, a list of them, or `*` (it must be there). */
  ifMatch?: string;
  /** `If-None-Match: *`: create only. */
  createOnly?: boolean;
}

export interface PredictRoutesPorts {
  store: PredictRouteStore;
  /** Throws task_not_found. */
  tasks: { get(workspace: string, slug: string): Promise<Task> };
  decide: Pick<Decide, 'batch'>;
  audit: AuditTrail;
  clock: Clock;
}

const MOST_ROUTES = 1000;

/** Somebody else's `/predict`: set up, and answered. */
export class PredictRoutes {
  readonly #ports: PredictRoutesPorts;
  readonly #live: FreshValues<CompiledRoute | null>;

  constructor(ports: PredictRoutesPorts) {
    this.#ports = ports;
    this.#live = new FreshValues(ports.clock);
  }

  /**
   * Creates or replaces a route; every gateway goes by it within a second.
   *
   * @throws `task_not_found`, `predict_route_invalid`, `predict_route_path_taken`, `predict_route_exists`,
   *   `stale_version`
   */
  async put(
    principal: Principal,
    name: string,
    request: PredictRouteRequest,
    conditions: EditConditions,
    requestId: string,
  ): Promise<{ route: PredictRoute; created: boolean }> {
    const { store, clock, tasks, audit } = this.#ports;
    const { workspace } = principal;
    const definition = definitionOf(name, request);
    check(definition, await tasks.get(workspace, definition.task));
    const now = clock.now();
    const { route, before } = await store.edit(workspace, name, async (before, tx) => {
      if (before !== null && conditions.createOnly === true) {
        throw compatErrors.predict_route_exists(`the predict route ${name} exists`);
      }
      checkMatch(name, before, conditions.ifMatch);
      if (before !== null && isDeepStrictEqual(before.definition, definition)) return { route: before, write: false };
      const owner = await store.nameOfPath(tx, workspace, definition.path);
      if (owner !== null && owner !== name) {
        const detail = `/compat/${definition.path} belongs to the predict route ${owner}`;
        throw compatErrors.predict_route_path_taken(detail, {
          problems: [{ pointer: '/path', code: 'predict_route_path_taken', detail }],
        });
      }
      if (before === null && (await store.count(tx, workspace)) >= MOST_ROUTES) {
        throw compatErrors.predict_route_invalid(`a workspace has at most ${MOST_ROUTES} predict routes`);
      }
      await audit.record(tx, {
        principal,
        action: before === null ? 'predict_route.created' : 'predict_route.updated',
        resource: name,
        requestId,
        details: { task: definition.task, path: definition.path },
      });
      return {
        route: {
          workspace,
          id: before?.id ?? newId('prt', now),
          name,
          definition,
          version: (before?.version ?? 0) + 1,
          changedBy: principal.id,
          createdAt: before?.createdAt ?? now,
          updatedAt: now,
        },
        write: true,
      };
    });
    this.#live.forgetAll(`${workspace}/`);
    return { route, created: before === null };
  }

  /** @throws `predict_route_not_found` */
  async get(workspace: string, name: string): Promise<PredictRoute> {
    const route = await this.#ports.store.find(workspace, name);
    if (route === null) throw notFound(name);
    return route;
  }

  list(workspace: string, page: { limit: number; after: string }): Promise<PredictRoute[]> {
    return this.#ports.store.list(workspace, page);
  }

  /** What was decided stays decided. @throws `predict_route_not_found`, `stale_version` */
  async remove(principal: Principal, name: string, ifMatch: string | undefined, requestId: string): Promise<void> {
    await this.#ports.store.edit(principal.workspace, name, async (before, tx) => {
      if (before === null) throw notFound(name);
      checkMatch(name, before, ifMatch);
      await this.#ports.audit.record(tx, {
        principal,
        action: 'predict_route.deleted',
        resource: name,
        requestId,
        details: {},
      });
      return { route: before, write: true, remove: true };
    });
    this.#live.forgetAll(`${principal.workspace}/`);
  }

  /**
   * Answers one request in the caller's own shape. All its items are decided and committed together, as those of
   * `POST /v1/predict/{task}/batch`; the rows are durable before this resolves. A replay of an `Idempotency-Key` renders
   * the first decisions by the route as it stands now.
   *
   * @throws `predict_route_not_found`, `request_unmapped`, and what {@link Decide.batch} throws
   */
  async answer(
    call: CallContext,
    path: string,
    body: unknown,
    idempotency?: IdempotentCall,
  ): Promise<{ status: number; body: string; replayed: boolean }> {
    const { workspace } = call.principal;
    const route = await this.#live.get(`${workspace}/${path}`, async () => {
      const found = await this.#ports.store.findByPath(workspace, path);
      return found === null ? null : compileStored(found);
    });
    if (route === null) throw compatErrors.predict_route_not_found(`no predict route has the path /compat/${path}`);
    const mapped = route.map(body);
    let answer: Answer;
    try {
      answer = await this.#ports.decide.batch(call, route.task, mapped.items, idempotency);
    } catch (error) {
      throw mapped.items.length === 1 ? ofOneItem(error) : error;
    }
    const { decisions } = JSON.parse(answer.body) as { decisions: Decision[] };
    return { ...mapped.answer(decisions), replayed: answer.replayed };
  }
}

function definitionOf(name: string, request: PredictRouteRequest): PredictRouteDefinition {
  return {
    task: request.task,
    path: request.path ?? name,
    request: request.request,
    labels: request.labels ?? {},
    response: request.response,
    review: { response: request.review.response, status: request.review.status ?? 200 },
    ...(request.envelope === undefined ? {} : { envelope: request.envelope }),
  };
}

function check(definition: PredictRouteDefinition, task: Task): void {
  const problems: FieldProblem[] = [];
  const wrong = (pointer: string, detail: string) => problems.push({ pointer, code: 'predict_route_invalid', detail });
  // Behind a host, `.` and `..` mean another path than they say.
  if (definition.path.split('/').some((segment) => /^\.+$/.test(segment))) {
    wrong('/path', 'a segment of dots only is no path');
  }
  const known = new Set(task.definition.labels.map(({ name }) => name));
  for (const label of Object.keys(definition.labels)) {
    if (!known.has(label)) wrong('/labels', `${JSON.stringify(label)} is no label of ${task.slug}`);
  }
  compileRoute(definition, problems);
  if (problems.length === 0) return;
  const [first] = problems;
  throw compatErrors.predict_route_invalid(`${first!.pointer} ${first!.detail}`, { problems });
}

/** The caller sent one item and knows of no batch. */
function ofOneItem(error: unknown): unknown {
  if (!isUnderstudyError(error) || error.problems.length === 0) return error;
  const problems = error.problems.map((one) => ({ ...one, pointer: one.pointer.replace(/^\/items\/0/, '') }));
  const detail = `${problems[0]!.pointer} ${problems[0]!.detail}`;
  if (error.code === 'input_too_long') return decisionsErrors.input_too_long(detail, { problems });
  if (error.code === 'invalid_text') return decisionsErrors.invalid_text(detail, { problems });
  return error;
}

function notFound(name: string) {
  return compatErrors.predict_route_not_found(`no predict route ${name} in this workspace`);
}

/** RFC 9110, 13.1.1: strong comparison, so that a weak ETag matches nothing. */
function checkMatch(name: string, route: PredictRoute | null, ifMatch: string | undefined): void {
  if (ifMatch === undefined) return;
  const etag = route === null ? null : predictRouteEtag(route);
  const met =
    etag !== null && (ifMatch.trim() === '*' || ifMatch.split(',').some((candidate) => candidate.trim() === etag));
  if (!met)
    throw decisionsErrors.stale_version(`the predict route ${name} has another version than the one you edited`);
}
