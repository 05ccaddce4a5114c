import type { RoutePlugin } from '@understudy/kernel';
import { WorkspaceQuota } from '@understudy/wire';
import { Type } from 'typebox';
import type { Quota, Quotas } from '../quotas.ts';

const WorkspacePath = Type.Object({ id: Type.String({ maxLength: 100 }) });

const present = ({ requestsPerMinute }: Quota) => ({ requests_per_minute: requestsPerMinute });

/** `/v1/workspaces/{id}/quota`, for the operator. */
export function quotaRoutes(quotas: Quotas): RoutePlugin {
  return (app) => {
    const config = { policy: { kind: 'operator' } } as const;
    const shape = { params: WorkspacePath, response: { 200: { $ref: 'WorkspaceQuota#' } } };

    app.get<{ Params: { id: string } }>(
      '/v1/workspaces/:id/quota',
      { config, schema: { summary: 'What a workspace may ask for', ...shape } },
      async (request) => present(await quotas.get(request.params.id)),
    );

    app.put<{ Params: { id: string }; Body: WorkspaceQuota }>(
      '/v1/workspaces/:id/quota',
      { config, schema: { summary: 'Set what a workspace may ask for', ...shape, body: WorkspaceQuota } },
      async (request) => {
        const { principal, id: requestId, body, params } = request;
        const quota = { requestsPerMinute: body.requests_per_minute };
        return present(await quotas.set({ principal, requestId }, params.id, quota));
      },
    );
  };
}
