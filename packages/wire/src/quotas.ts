import { type Static, Type } from 'typebox';
import { Body } from './common.ts';

export const WorkspaceQuota = Body(
  {
    requests_per_minute: Type.Union([Type.Integer({ minimum: 1, maximum: 100_000_000 }), Type.Null()], {
      description:
        'Of all keys and members together; null = the default of the server (`UNDERSTUDY_WORKSPACE_QUOTA`). Counted in each gateway by itself.',
    }),
  },
  { $id: 'WorkspaceQuota', description: 'What a workspace may ask for, whatever its keys may.' },
);
export type WorkspaceQuota = Static<typeof WorkspaceQuota>;
