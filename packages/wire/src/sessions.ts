import { type Static, Type } from 'typebox';
import { Body, Timestamp } from './common.ts';

const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$',
  description: 'For people; need not be unique. No control characters, no space at the beginning.',
});

const Email = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: '^[^\\s@\\u0000-\\u001f\\u007f]{1,64}@[^\\s@\\u0000-\\u001f\\u007f]{1,189}$',
  description: 'To tell people apart; unique within the workspace. Nothing is sent to it.',
});

const roles = [
  Type.Literal('owner'),
  Type.Literal('admin'),
  Type.Literal('lead'),
  Type.Literal('reviewer'),
  Type.Literal('viewer'),
];
const RoleName = Type.Union(roles);

export const Role = Type.Union(roles, {
  $id: 'Role',
  description: 'What a member may do; docs/reference/scopes.md has the scopes of each role.',
});
export type Role = Static<typeof RoleName>;

export const Member = Type.Object(
  {
    id: Type.String(),
    name: Name,
    email: Type.Union([Type.String(), Type.Null()]),
    role: Type.Ref('Role'),
    active: Type.Boolean({ description: 'false = cannot sign in, and every session of theirs has ended.' }),
    scopes: Type.Array(Type.String(), { description: 'Those of the role.' }),
    created_by: Type.String({ description: 'Id of the member or key that added them, or `operator`.' }),
    created_at: Timestamp,
    updated_at: Timestamp,
    last_seen_at: Type.Union([Timestamp, Type.Null()], { description: 'Late by up to a minute.' }),
  },
  { $id: 'Member', description: 'A person in the workspace.' },
);
export type Member = Static<typeof Member>;

export const MemberList = Type.Object(
  { data: Type.Array(Type.Ref('Member')), next_cursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'MemberList' },
);

export const MemberRequest = Body(
  { name: Name, email: Type.Optional(Email), role: RoleName },
  { $id: 'MemberRequest' },
);
export type MemberRequest = Static<typeof MemberRequest>;

export const OwnerRequest = Body(
  { name: Name, email: Type.Optional(Email) },
  { description: 'Its first member, who signs in with the code in the answer.' },
);

export const MemberChange = Body(
  {
    name: Type.Optional(Name),
    email: Type.Optional(Type.Union([Email, Type.Null()])),
    role: Type.Optional(RoleName),
    active: Type.Optional(Type.Boolean()),
  },
  { $id: 'MemberChange', description: 'What is absent stays as it is.' },
);
export type MemberChange = Static<typeof MemberChange>;

export const SignInCode = Type.Object(
  {
    code: Type.String({ description: 'Opens one session, once. Shown in this answer and never again.' }),
    path: Type.String({
      description:
        'The path of the dashboard that signs in with it: put it behind the server’s address. The code is in its fragment, which browsers send nowhere.',
    }),
    expires_at: Timestamp,
  },
  { $id: 'SignInCode' },
);
export type SignInCode = Static<typeof SignInCode>;

export const SessionRequest = Type.Union(
  [
    Body({ code: Type.String({ minLength: 1, maxLength: 200, description: 'A one-time code.' }) }),
    Body({
      api_key: Type.String({
        minLength: 1,
        maxLength: 300,
        description: 'The session has the key’s scopes and ends with it.',
      }),
    }),
  ],
  { $id: 'SessionRequest' },
);
export type SessionRequest = Static<typeof SessionRequest>;

const SessionFields = {
  workspace: Type.Ref('Workspace'),
  principal: Type.Object({
    kind: Type.Union([Type.Literal('member'), Type.Literal('api_key')]),
    id: Type.String(),
    name: Type.String(),
    role: Type.Union([Type.Ref('Role'), Type.Null()], { description: 'null = signed in with an API key.' }),
  }),
  expires_at: Timestamp,
};

export const Session = Type.Object(
  {
    id: Type.String(),
    ...SessionFields,
    scopes: Type.Array(Type.String()),
    csrf_token: Type.String({
      description:
        'Goes into `X-CSRF-Token` of every request that changes something. A request that carries one has to carry that of the active session.',
    }),
    idle_seconds: Type.Integer({ description: 'A session that is not used for so long ends.' }),
  },
  {
    $id: 'Session',
    description: 'The active session of this browser. Its secret is in an HttpOnly cookie.',
  },
);
export type Session = Static<typeof Session>;

export const SessionWorkspaces = Type.Object(
  { data: Type.Array(Type.Object({ ...SessionFields, active: Type.Boolean() })) },
  { $id: 'SessionWorkspaces', description: 'The workspaces that this browser is signed in to, the active one first.' },
);
export type SessionWorkspaces = Static<typeof SessionWorkspaces>;

export const SessionSwitch = Body(
  { workspace: Type.String({ maxLength: 100, description: 'One of `GET /v1/session/workspaces`.' }) },
  { $id: 'SessionSwitch' },
);
export type SessionSwitch = Static<typeof SessionSwitch>;
