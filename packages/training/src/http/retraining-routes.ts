import type { Clock, RoutePlugin } from '@understudy/kernel';
import { type Retraining as RetrainingBody, Slug } from '@understudy/wire';
import { Type } from 'typebox';
import { RECHECK_MS, type Retraining, type RetrainingStatus } from '../retraining/retraining.ts';
import type { Run } from '../run.ts';

const iso = (time: number) => new Date(time).toISOString();

function presentLastRun(run: Run): RetrainingBody['last_run'] {
  return {
    id: run.id,
    status: run.status,
    requested_by: run.requestedBy,
    model_version: run.modelVersion,
    promotion: run.promotion,
    created_at: iso(run.createdAt),
    finished_at: run.finishedAt === null ? null : iso(run.finishedAt),
  };
}

function present(status: RetrainingStatus, now: number): RetrainingBody {
  const { task, lastRun, lastDecision, notBefore } = status;
  const off = task.policy.mode === 'off';
  return {
    task: task.slug,
    mode: task.policy.mode,
    new_labels: status.newLabels,
    needed: status.needed,
    reason: status.reason,
    next_check: off ? null : iso(Math.max(now + RECHECK_MS, notBefore ?? 0)),
    last_run: lastRun === null ? null : presentLastRun(lastRun),
    last_decision:
      lastDecision === null
        ? null
        : { run: lastDecision.id, at: iso(lastDecision.createdAt), reason: lastDecision.reason ?? '' },
  };
}

/** `/v1/tasks/{task}/retraining` */
export function retrainingRoutes(retraining: Retraining, clock: Clock): RoutePlugin {
  return (app) => {
    app.get<{ Params: { task: string } }>(
      '/v1/tasks/:task/retraining',
      {
        config: { policy: { kind: 'scope', scope: 'training:read' } },
        schema: {
          summary: 'When the task is trained again by itself, and why',
          params: Type.Object({ task: Slug }),
          response: { 200: { $ref: 'Retraining#' } },
        },
      },
      async (request) =>
        present(await retraining.status(request.principal.workspace, request.params.task), clock.now()),
    );
  };
}
