import { type Static, Type } from 'typebox';
import { Body, Cursor, Timestamp } from './common.ts';
import { OwnerRequest } from './sessions.ts';

const ScopeName = Type.String({
  pattern: '^[a-z][a-z-]{0,30}:[a-z]{1,20}$',
  description: '`<resource>:<action>`; all are listed in docs/reference/scopes.md.',
});

const DisplayName = Type.String({
  minLength: 1,
  maxLength: 200,
  // One way to match only: a pattern that can backtrack is run on whatever somebody sends, however long.
  pattern: '^[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$',
  description: 'For people; need not be unique. No control characters, no space at the beginning.',
});

const RateLimit = Body(
  { requests_per_minute: Type.Integer({ minimum: 1, maximum: 100_000_000 }) },
  { description: 'Counted in each server process by itself.' },
);

const Secret = Type.String({ description: 'Shown in this answer and never again; only its hash is kept.' });

export const Workspace = Type.Object(
  {
    id: Type.String(),
    name: DisplayName,
    demo: Type.Boolean({ description: 'Filled with example data.' }),
    created_at: Timestamp,
  },
  { $id: 'Workspace', description: 'A tenant: its keys, tasks, data and budget; nothing crosses from one to another.' },
);

export const WorkspaceRequest = Body(
  {
    name: DisplayName,
    demo: Type.Optional(Type.Boolean({ default: false, description: 'It will be filled with example data.' })),
    owner: Type.Optional(OwnerRequest),
  },
  { $id: 'WorkspaceRequest' },
);
export type WorkspaceRequest = Static<typeof WorkspaceRequest>;

export const WorkspaceList = Type.Object(
  { data: Type.Array(Type.Ref('Workspace')), next_cursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'WorkspaceList' },
);

const ApiKeyFields = {
  id: Type.String(),
  name: DisplayName,
  hint: Type.String({ description: 'The first characters of the key, to tell keys apart.' }),
  scopes: Type.Array(ScopeName),
  rate_limit: Type.Union([RateLimit, Type.Null()], { description: 'null = the default of the server.' }),
  created_by: Type.String({ description: 'Id of the key that made it, or `operator`.' }),
  created_at: Timestamp,
  expires_at: Type.Union([Timestamp, Type.Null()]),
  revoked_at: Type.Union([Timestamp, Type.Null()]),
  last_used_at: Type.Union([Timestamp, Type.Null()], { description: 'Late by up to a minute.' }),
};

export const ApiKey = Type.Object(ApiKeyFields, { $id: 'ApiKey', description: 'An API key, without its secret.' });

export const NewApiKey = Type.Object(
  { ...ApiKeyFields, secret: Secret },
  { $id: 'NewApiKey', description: 'A key that was just made.' },
);

export const ApiKeyList = Type.Object(
  { data: Type.Array(Type.Ref('ApiKey')), next_cursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'ApiKeyList' },
);

export const ApiKeyRequest = Body(
  {
    name: DisplayName,
    scopes: Type.Array(ScopeName, {
      minItems: 1,
      maxItems: 200,
      uniqueItems: true,
      description: 'Only scopes that the calling key holds itself.',
    }),
    expires_at: Type.Optional(
      Type.String({
        format: 'date-time',
        maxLength: 40,
        description: 'Absent = that of the calling key, if it has one.',
      }),
    ),
    rate_limit: Type.Optional(RateLimit),
  },
  { $id: 'ApiKeyRequest' },
);
export type ApiKeyRequest = Static<typeof ApiKeyRequest>;

export const NewWorkspace = Type.Object(
  {
    workspace: Type.Ref('Workspace'),
    key: Type.Ref('NewApiKey'),
    owner: Type.Optional(Type.Object({ member: Type.Ref('Member'), sign_in: Type.Ref('SignInCode') })),
  },
  { $id: 'NewWorkspace', description: 'A workspace and its first key, which holds every scope.' },
);

export const Me = Type.Object(
  {
    workspace: Type.Ref('Workspace'),
    principal: Type.Object({
      kind: Type.Union([Type.Literal('api_key'), Type.Literal('member')]),
      id: Type.String(),
      name: DisplayName,
      role: Type.Union([Type.Ref('Role'), Type.Null()], { description: 'null = an API key.' }),
      expires_at: Type.Union([Timestamp, Type.Null()]),
    }),
    scopes: Type.Array(ScopeName),
    rate_limit: Type.Union([RateLimit, Type.Null()]),
  },
  { $id: 'Me', description: 'What the credential of this request is and may do.' },
);

export const AuditEntry = Type.Object(
  {
    id: Type.String(),
    at: Timestamp,
    principal: Type.Object({
      kind: Type.String({
        description:
          '`api_key`, `member`, `operator`, or `system`: the platform by itself, `id` then says which part of it (`monitor`, `policy`, …).',
      }),
      id: Type.String(),
    }),
    action: Type.String({ description: 'What happened, e.g. `key.created`.' }),
    resource: Type.String({ description: 'What it happened to: an id or a name.' }),
    request_id: Type.String(),
    details: Type.Record(Type.String(), Type.Unknown()),
  },
  { $id: 'AuditEntry' },
);

export const AuditLog = Type.Object(
  { data: Type.Array(Type.Ref('AuditEntry')), next_cursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'AuditLog', description: 'Newest first.' },
);

export const AuditQuery = Body(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    cursor: Type.Optional(Cursor),
    action: Type.Optional(Type.String({ maxLength: 100 })),
    resource: Type.Optional(Type.String({ maxLength: 300 })),
    from: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })),
    to: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })),
  },
  { $id: 'AuditQuery' },
);
export type AuditQuery = Static<typeof AuditQuery>;
