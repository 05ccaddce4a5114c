import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BrowserSession } from './browser-session.ts';
import {
  bodyOf,
  eventually,
  makeWorkspace,
  type Operation,
  operationsOf,
  ServerProcess,
  scratchFolder,
  send,
  type Workspace,
} from './index.ts';

const scratch = scratchFolder();
const ROLES = ['owner', 'admin', 'lead', 'reviewer', 'viewer'];
let server: ServerProcess;
let operatorKey: string;
let operations: Operation[];
let mallory: Workspace;
let alice: Workspace;

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  operatorKey = server.operatorKey!;
  operations = (await operationsOf(server.url)).filter(({ policy }) => policy !== 'public');
  mallory = await makeWorkspace(server, operatorKey, 'Mallory');
  alice = await makeWorkspace(server, operatorKey, 'Alice');
  await alice.makeTask('private', ['a', 'b']);
});
after(() => server?.stop());

async function addMember(workspace: Workspace, role: string): Promise<any> {
  const reply = await workspace.post('/v1/members', { name: `a ${role}`, role });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

async function browserOf(workspace: Workspace, role: string, browser = new BrowserSession(server.url)) {
  const member = await addMember(workspace, role);
  const code = await workspace.post(`/v1/members/${member.id}/sign-in-codes`);
  const session = await browser.signIn({ code: code.json.code });
  return { browser, member, session };
}

/** A path of the operation; what it points to does not exist. */
const somewhere = ({ template }: Operation): string => template.replaceAll(/\{[^}]+\}/g, 'nowhere');
const bodyFor = (operation: Operation): unknown => (operation.takesBody ? (bodyOf(operation) ?? {}) : undefined);
const changing = () => operations.filter(({ method }) => method !== 'GET');

describe('signing in', () => {
  test('a workspace’s first owner signs in with the code that the operator is given', async () => {
    const body = { name: 'Owned', owner: { name: 'Ada', email: 'ada@x.org' } };
    const made = await send(server.url, { method: 'POST', path: '/v1/workspaces', key: operatorKey, body });
    const { member, sign_in } = made.json.owner;
    assert.deepEqual([member.name, member.role, sign_in.path], ['Ada', 'owner', `/#code=${sign_in.code}`]);
    const browser = new BrowserSession(server.url);
    const reply = await browser.call('POST', '/v1/session', { code: sign_in.code });
    assert.equal(reply.status, 201, reply.text);
    const [cookie] = reply.headers['set-cookie']!;
    assert.match(
      cookie!,
      /^understudy_session=us_ses_[0-9A-Za-z]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
    );
    assert.equal(reply.text.includes('us_ses_'), false);
    assert.equal(reply.headers['cache-control'], 'no-store');
    const { workspace, principal, scopes, csrf_token } = reply.json;
    assert.deepEqual([workspace.name, workspace.demo], ['Owned', false]);
    assert.deepEqual(principal, { kind: 'member', id: member.id, name: 'Ada', role: 'owner' });
    assert.deepEqual(scopes, member.scopes);
    assert.deepEqual((await browser.call('GET', '/v1/session')).json, reply.json);
    assert.ok(csrf_token.length >= 40);
    const again = await send(server.url, { method: 'POST', path: '/v1/session', body: { code: sign_in.code } });
    assert.deepEqual([again.status, again.json.code], [401, 'sign_in_refused']);
  });

  test('an API key signs in with its own rights; the operator’s does not; nor does anything else', async () => {
    const made = (await mallory.post('/v1/keys', { name: 'small', scopes: ['tasks:read', 'tasks:write'] })).json;
    const browser = new BrowserSession(server.url);
    const session = await browser.signIn({ api_key: made.secret });
    assert.deepEqual(session.principal, { kind: 'api_key', id: made.id, name: 'small', role: null });
    assert.deepEqual(session.scopes, ['tasks:read', 'tasks:write']);
    assert.equal((await browser.call('GET', '/v1/tasks')).status, 200);
    assert.equal((await browser.call('GET', '/v1/decisions')).status, 403);
    await mallory.delete(`/v1/keys/${made.id}`);
    await eventually('the session dies with its key', async () => {
      return (await browser.call('GET', '/v1/tasks')).status === 401;
    });
    for (const [body, code] of [
      [{ api_key: operatorKey }, 'operator_cannot_sign_in'],
      [{ api_key: made.secret }, 'sign_in_refused'],
      [{ api_key: `us_${'A'.repeat(43)}` }, 'sign_in_refused'],
      [{ code: `us_code_${'A'.repeat(27)}` }, 'sign_in_refused'],
      [{ code: mallory.key }, 'sign_in_refused'],
      [{ code: "' OR 1=1 --" }, 'sign_in_refused'],
      [{ code: 'x', api_key: mallory.key }, 'invalid_body'],
      [{}, 'invalid_body'],
      [{ code: 1 }, 'invalid_body'],
    ] as const) {
      const reply = await send(server.url, { method: 'POST', path: '/v1/session', body });
      assert.ok([400, 401, 403].includes(reply.status), reply.text);
      assert.equal(reply.json.code === 'unknown_field' ? 'invalid_body' : reply.json.code, code, reply.text);
      assert.equal(reply.headers['set-cookie'], undefined);
    }
  });

  test('no other site can sign a browser in', async () => {
    const body = { api_key: mallory.key };
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ];
    for (const headers of foreign) {
      const reply = await send(server.url, { method: 'POST', path: '/v1/session', body, headers });
      assert.deepEqual([reply.status, reply.json.code], [403, 'csrf_failed'], JSON.stringify(headers));
    }
  });

  test('cookies that are no session → 401 on every operation', async () => {
    const { browser } = await browserOf(mallory, 'viewer');
    const good = browser.cookie!;
    await browser.call('DELETE', '/v1/session');
    const cookies = [
      ...[good, `${good}x`, good.slice(0, -1), 'understudy_session=', 'understudy_session=..', good.replace('=', '==')],
      ...[`understudy_session=${mallory.key}`, `session=${mallory.key}`, `other=${good}`, `__Host-${good}`],
    ];
    for (const operation of operations) {
      const { method } = operation;
      for (const Cookie of cookies) {
        const headers = { Cookie, Origin: server.url, 'X-CSRF-Token': browser.csrfToken };
        const reply = await send(server.url, { method, path: somewhere(operation), headers, body: bodyFor(operation) });
        assert.equal(reply.status, 401, `${method} ${operation.template} ${Cookie}: ${reply.text}`);
      }
    }
  });
});

describe('with a session’s cookie', () => {
  test('what changes something needs the token and this origin, on every operation', async () => {
    const { browser } = await browserOf(mallory, 'owner');
    const other = await browserOf(mallory, 'owner');
    assert.ok(changing().length >= 20);
    for (const operation of changing()) {
      for (const headers of [
        { 'X-CSRF-Token': undefined },
        { 'X-CSRF-Token': '' },
        { 'X-CSRF-Token': 'undefined' },
        { 'X-CSRF-Token': other.browser.csrfToken },
        { Origin: 'https://evil.example' },
        { Origin: 'null' },
        { Origin: `${server.url}.evil.example` },
        { Origin: server.url.replace(/\d+$/, '1') },
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
        { 'Sec-Fetch-Site': 'none' },
        { Origin: undefined, 'Sec-Fetch-Site': undefined },
      ]) {
        const reply = await browser.call(operation.method, somewhere(operation), bodyFor(operation), headers);
        const name = `${operation.method} ${operation.template} ${JSON.stringify(headers)}: ${reply.text}`;
        assert.deepEqual([reply.status, reply.json?.code], [403, 'csrf_failed'], name);
      }
    }
    const stale = await browser.call('GET', '/v1/tasks', undefined, { 'X-CSRF-Token': other.browser.csrfToken });
    assert.equal(stale.json.code, 'csrf_failed');
    assert.equal((await browser.call('GET', '/v1/session')).status, 200);
  });

  test('either statement of the origin is enough', async () => {
    const { browser } = await browserOf(mallory, 'owner');
    for (const headers of [{ Origin: undefined }, { 'Sec-Fetch-Site': undefined }]) {
      const reply = await browser.call('POST', '/v1/session/sign-in-codes', undefined, headers);
      assert.equal(reply.status, 201, reply.text);
    }
  });

  test('a key beside the cookie counts alone', async () => {
    const { browser } = await browserOf(mallory, 'owner');
    const asAlice = await browser.call('GET', '/v1/me', undefined, { Authorization: `Bearer ${alice.key}` });
    assert.equal(asAlice.json.workspace.id, alice.id);
    for (const Authorization of ['', 'Bearer x', `Bearer us_${'A'.repeat(43)}`]) {
      assert.equal((await browser.call('GET', '/v1/me', undefined, { Authorization })).status, 401, Authorization);
    }
    const put = { kind: 'text_classification', labels: [{ name: 'a' }, { name: 'b' }] };
    const headers = { Authorization: `Bearer ${mallory.key}`, 'X-CSRF-Token': undefined, Origin: 'https://x.example' };
    assert.equal((await browser.call('PUT', '/v1/tasks/by-key', put, headers)).status, 201);
  });

  test('each role may do what its scopes say and nothing else, on every operation', async () => {
    for (const role of ROLES) {
      const { browser, member, session } = await browserOf(mallory, role);
      assert.deepEqual(session.scopes, member.scopes);
      const scopes = new Set<string>(session.scopes);
      for (const operation of operations) {
        const { method, template, policy } = operation;
        if (policy === 'authenticated') continue;
        const plain = method === 'GET' && operation.pathParameters.length === 0;
        if (scopes.has(policy) && !plain) continue;
        const reply = await browser.call(method, somewhere(operation), bodyFor(operation));
        const name = `${role}: ${method} ${template}: ${reply.status} ${reply.text.slice(0, 200)}`;
        if (scopes.has(policy)) assert.ok(reply.status < 500 && ![401, 403].includes(reply.status), name);
        else assert.deepEqual([reply.status, reply.json?.code], [403, 'forbidden'], name);
      }
    }
  });

  test('a reviewer sees no decision, no audit and no figure by which the blind lane could be told', async () => {
    const { browser, session } = await browserOf(mallory, 'reviewer');
    assert.deepEqual(session.scopes, ['tasks:read', 'review:read', 'review:write']);
    for (const path of ['/v1/decisions', '/v1/decisions/x', '/v1/audit-log', '/v1/ledger/head', '/v1/keys']) {
      assert.equal((await browser.call('GET', path)).status, 403, path);
    }
  });

  test('another workspace’s members and sessions do not exist', async () => {
    const { browser } = await browserOf(mallory, 'owner');
    const { member, session, browser: hers } = await browserOf(alice, 'owner');
    assert.deepEqual((await browser.call('GET', '/v1/tasks/private')).status, 404);
    for (const [method, path, body] of [
      ['GET', `/v1/members/${member.id}`],
      ['PATCH', `/v1/members/${member.id}`, { active: false }],
      ['DELETE', `/v1/members/${member.id}`],
      ['POST', `/v1/members/${member.id}/sign-in-codes`],
      ['POST', '/v1/session/switch', { workspace: session.workspace.id }],
    ] as const) {
      assert.equal((await browser.call(method, path, body)).status, 404, `${method} ${path}`);
    }
    const ids = (await browser.call('GET', '/v1/members?limit=200')).json.data.map(({ id }: { id: string }) => id);
    assert.equal(ids.includes(member.id), false);
    assert.equal((await hers.call('GET', '/v1/session')).status, 200);
  });

  test('a browser is signed in to several workspaces, switches, and signs out of all', async () => {
    const browser = new BrowserSession(server.url);
    const first = (await browserOf(mallory, 'owner', browser)).session;
    const firstToken = browser.csrfToken;
    const second = (await browserOf(alice, 'viewer', browser)).session;
    const list = (await browser.call('GET', '/v1/session/workspaces')).json.data;
    assert.deepEqual(
      list.map(({ workspace, active }: any) => [workspace.id, active]),
      [
        [alice.id, true],
        [mallory.id, false],
      ],
    );
    assert.equal((await browser.call('GET', '/v1/me')).json.workspace.id, alice.id);
    const stale = { 'X-CSRF-Token': firstToken };
    assert.equal((await browser.call('GET', '/v1/tasks', undefined, stale)).json.code, 'csrf_failed');
    const switched = await browser.call('POST', '/v1/session/switch', { workspace: mallory.id });
    assert.deepEqual([switched.status, switched.json.id], [200, first.id]);
    assert.equal(browser.remember(switched).csrf_token, firstToken);
    assert.equal((await browser.call('GET', '/v1/me')).json.workspace.id, mallory.id);
    const nowhere = await browser.call('POST', '/v1/session/switch', { workspace: 'ws_nowhere' });
    assert.deepEqual([nowhere.status, nowhere.json.code], [404, 'no_session']);
    const both = browser.cookie!;
    assert.equal((await browser.call('DELETE', '/v1/session')).status, 204);
    assert.equal(browser.cookie, undefined);
    const [, tokens] = both.split('=');
    for (const token of tokens!.split('.')) {
      const headers = { Cookie: `understudy_session=${token}` };
      assert.equal((await send(server.url, { path: '/v1/me', headers })).status, 401);
    }
    assert.notEqual(first.id, second.id);
  });

  test('signing in again to the same workspace ends the session before', async () => {
    const { browser } = await browserOf(mallory, 'viewer');
    const before = browser.cookie!;
    await browserOf(mallory, 'lead', browser);
    assert.equal(browser.cookie!.split('.').length, 1);
    assert.equal((await send(server.url, { path: '/v1/me', headers: { Cookie: before } })).status, 401);
  });

  test('an inactive member is out within five seconds, and a stale edit is refused', async () => {
    const { browser, member } = await browserOf(mallory, 'viewer');
    assert.equal((await browser.call('GET', '/v1/tasks')).status, 200);
    const read = await mallory.get(`/v1/members/${member.id}`);
    const ifMatch = { headers: { 'If-Match': String(read.headers.etag) } };
    const changed = await mallory.call('PATCH', `/v1/members/${member.id}`, { active: false }, ifMatch);
    assert.equal(changed.status, 200, changed.text);
    const stale = await mallory.call('PATCH', `/v1/members/${member.id}`, { active: true }, ifMatch);
    assert.deepEqual([stale.status, stale.json.code], [412, 'stale_version']);
    await eventually('the member is out', async () => (await browser.call('GET', '/v1/tasks')).status === 401, 5000);
    const code = await mallory.post(`/v1/members/${member.id}/sign-in-codes`);
    assert.deepEqual([code.status, code.json.code], [409, 'member_inactive']);
  });

  test('sessions outlive a restart of the server; what a log line says holds no secret', async () => {
    const { browser } = await browserOf(mallory, 'viewer');
    const { cookie } = browser;
    await server.stop();
    server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
    const reply = await send(server.url, { path: '/v1/session', headers: { Cookie: cookie! } });
    assert.equal(reply.status, 200, reply.text);
    assert.doesNotMatch(readFileSync(server.logFile, 'utf8'), /us_(ses|code)_[0-9A-Za-z]{20}/);
  });
});
