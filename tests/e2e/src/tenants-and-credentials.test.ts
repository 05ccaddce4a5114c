import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  bodyOf,
  eventually,
  makeWorkspace,
  type Operation,
  operationsOf,
  pathOf,
  type Reply,
  ServerProcess,
  scratchFolder,
  send,
  topicLabels,
  topicRows,
  trainedByHand,
  type Workspace,
} from './index.ts';

const scratch = scratchFolder();
let server: ServerProcess;
let operatorKey: string;
let operations: Operation[];
/** The attacker, with every scope of a workspace of its own. */
let mallory: Workspace;
/** The victim, with one of everything. */
let alice: Workspace;
let own: Record<keyof typeof ABSENT, string>;
/** Another victim, whose certificate was suspended: whose alert `own.alert` is. */
let carol: Workspace;

const ABSENT = {
  task: 'absentees',
  dataset: `sha256:${'0'.repeat(64)}`,
  run: 'run_01h00000000000000000000000',
  decision: 'dec_01h00000000000000000000000',
  example: 'ex_01h00000000000000000000000',
  key: 'key_01h00000000000000000000000',
  member: 'mem_01h00000000000000000000000',
  item: 'itm_01h00000000000000000000000',
  gold: 'gld_01h00000000000000000000000',
  replay: 'rpl_01h00000000000000000000000',
  alert: 'alr_01h00000000000000000000000',
  webhook: 'whk_01h00000000000000000000000',
  delivery: 'dlv_01h00000000000000000000000',
  job: 'job_01h00000000000000000000000',
  letter: 'dlt_01h00000000000000000000000',
  source: 'absent-source',
  route: 'absent-route',
};

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  operatorKey = server.operatorKey!;
  operations = await operationsOf(server.url);
  mallory = await makeWorkspace(server, operatorKey, 'Mallory');
  alice = await makeWorkspace(server, operatorKey, 'Alice');
  await alice.makeTask('inquiries', topicLabels, trainedByHand);
  await alice.import('inquiries', topicRows(150));
  const run = await alice.train('inquiries', { trainer: 'linear' });
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  const decision = await alice.post('/v1/predict/inquiries', { input: { text: 'private words' }, subject: 'person-1' });
  const asked = { url: 'https://hooks.example.com/private', events: ['*'] };
  const webhook = (await alice.post('/v1/webhooks', asked)).json.id;
  own = {
    task: 'inquiries',
    dataset: run.dataset,
    run: run.id,
    decision: decision.json.id,
    example: (await alice.get('/v1/tasks/inquiries/examples?limit=1')).json.data[0].id,
    key: alice.keyId,
    member: (await alice.post('/v1/members', { name: 'Private Person', role: 'viewer' })).json.id,
    item: decision.json.review.item,
    gold: (await alice.post('/v1/review/gold', { decision: decision.json.id, label: 'billing' })).json.id,
    replay: (await alice.post('/v1/tasks/inquiries/replays', {})).json.id,
    alert: await suspendedCarol(),
    webhook,
    delivery: (await alice.post(`/v1/webhooks/${webhook}/test`)).json.id,
    job: (await alice.post('/v1/jobs', { task: 'inquiries', input: { text: 'private' }, not_before: FAR })).json.id,
    letter: await deadLetterOf(alice),
    source: await sourceOf(alice),
    route: await routeOf(alice),
  };
  for (const [name, id] of Object.entries(own)) assert.equal(typeof id, 'string', name);
  await eventually('the replay is over', async () => {
    const { json } = await alice.get(`/v1/replays/${own.replay}`);
    return json.status === 'succeeded';
  });
  await eventually('the item waits', async () => (await alice.get(`/v1/review/items/${own.item}`)).status === 200);
});
after(() => server?.stop());

const FAR = '2099-01-01T00:00:00Z';

async function sourceOf(workspace: Workspace): Promise<string> {
  const mapping = { input: { text: '$.data.text' } };
  const { json } = await workspace.put('/v1/sources/posts', { bus: 'http', topic: 'post', task: 'inquiries', mapping });
  return json.source;
}

async function routeOf(workspace: Workspace): Promise<string> {
  const definition = { task: 'inquiries', request: { text: '$.text' }, response: 1, review: { response: 2 } };
  return (await workspace.put('/v1/predict-routes/private', definition)).json.route;
}

/** The letter of a job whose task was gone when its time came. */
async function deadLetterOf(workspace: Workspace): Promise<string> {
  await workspace.makeTask('fleeting', topicLabels, trainedByHand);
  const notBefore = new Date(Date.now() + 500).toISOString();
  await workspace.post('/v1/jobs', { task: 'fleeting', input: { text: 'private' }, not_before: notBefore });
  await workspace.delete('/v1/tasks/fleeting');
  return eventually('a dead letter', async () => (await workspace.get('/v1/dead-letters')).json.data[0]?.id);
}

/** A workspace whose audits all say that the model errs; the id of the alert about it. */
async function suspendedCarol(): Promise<string> {
  carol = await makeWorkspace(server, operatorKey, 'Carol');
  await carol.makeTask('inquiries', topicLabels, {
    error_budget: { max_error: 0.3, confidence: 0.8 },
    audit: { rate: 1 },
    ...trainedByHand,
  });
  await carol.import('inquiries', topicRows(300));
  const run = await carol.train('inquiries', { trainer: 'linear' });
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  const items = topicRows(60, 9).map(({ input }) => ({ input }));
  const batch = await carol.post('/v1/predict/inquiries/batch', { items });
  const answers = new Map<string, string | null>(batch.json.decisions.map(({ id, label }: any) => [id, label]));
  return eventually('an alert is open', async () => {
    const { json } = await carol.post('/v1/review/claims', { task: 'inquiries', limit: 50 });
    for (const { item, claim_token, decision, labels } of json.claims) {
      const label = labels.find((name: string) => name !== answers.get(decision.id));
      await carol.post(`/v1/review/items/${item}/verdict`, { claim_token, label, seconds: 1 });
    }
    return (await carol.get('/v1/alerts?open=true')).json.data[0]?.id;
  });
}

/** Everything that a caller can see of a workspace, except what reading itself moves. */
async function stateOf(workspace: Workspace): Promise<Record<string, unknown>> {
  const paths = [
    ...['/v1/tasks', '/v1/models', '/v1/decisions', '/v1/ledger/head', '/v1/audit-log'],
    ...['/v1/tasks/inquiries/examples/stats', '/v1/tasks/inquiries/datasets', '/v1/tasks/inquiries/training-runs'],
    ...[
      '/v1/members',
      '/v1/models/inquiries/versions',
      '/v1/models/inquiries/aliases',
      `/v1/decisions/${own.decision}`,
    ],
    ...['/v1/review/gold', '/v1/review/items', '/v1/tasks/inquiries/replays', `/v1/replays/${own.replay}`],
    ...['/v1/tasks/inquiries/certification', '/v1/label-sources'],
    ...['/v1/jobs', `/v1/jobs/${own.job}`, '/v1/dead-letters', `/v1/dead-letters/${own.letter}`],
    ...['/v1/sources', `/v1/sources/${own.source}`],
    ...['/v1/openai-settings', '/v1/predict-routes', `/v1/predict-routes/${own.route}`],
  ];
  const replies = await Promise.all(paths.map((path) => workspace.get(path)));
  const keys = (await workspace.get('/v1/keys')).json.data.map(({ last_used_at, ...rest }: any) => rest);
  return { keys, ...Object.fromEntries(replies.map(({ status, json }, index) => [paths[index], [status, json]])) };
}

/** An answer without what has to differ between two requests. */
const shape = (reply: Reply, values: readonly string[]) => {
  const { request_id: _, ...problem } = reply.json ?? {};
  let text = `${reply.status} ${JSON.stringify(problem)}`;
  for (const value of values) text = text.replaceAll(value, '…');
  return text;
};

describe('row 25: another workspace’s ids', () => {
  /** What `{id}` means under a path. */
  const idsUnder = {
    '/v1/keys': 'key',
    '/v1/members': 'member',
    '/v1/decisions': 'decision',
    '/v1/review/gold': 'gold',
    '/v1/replays': 'replay',
    '/v1/alerts': 'alert',
    '/v1/webhooks': 'webhook',
    '/v1/training-runs': 'run',
    '/v1/jobs': 'job',
    '/v1/dead-letters': 'letter',
  } as const;
  const idOf = (template: string, ids: typeof own) => {
    const place = Object.entries(idsUnder).find(([path]) => template.startsWith(path));
    assert.ok(place !== undefined || !template.includes('{id}'), `what {id} means in ${template} is not known here`);
    return ids[place?.[1] ?? 'run'];
  };
  /** Values for the path of an operation: alice's, or ones that nobody has. */
  const valuesFor = ({ template }: Operation, ids: typeof own | typeof ABSENT) => ({
    task: ids.task,
    model: ids.task,
    alias: 'champion',
    version: '1',
    dataset: ids.dataset,
    example: ids.example,
    item: ids.item,
    delivery: ids.delivery,
    source: ids.source,
    route: ids.route,
    id: idOf(template, ids),
  });
  const queryFor = ({ template }: Operation, ids: typeof own | typeof ABSENT) =>
    template === '/v1/ledger/proof'
      ? `?decision=${ids.decision}`
      : template.endsWith('/diff')
        ? `?base=${ids.dataset}`
        : '';

  test('every operation on them answers as if they did not exist, and changes nothing', async () => {
    const before = await stateOf(alice);
    const alert = (await carol.get(`/v1/alerts/${own.alert}`)).text;
    let asked = 0;
    for (const operation of operations) {
      if (operation.policy === 'public' || operation.policy === 'operator') continue;
      if (operation.pathParameters.length === 0 && operation.template !== '/v1/ledger/proof') continue;
      // A slug is a name within its workspace: putting a task, source or route there makes mallory's own.
      const named = ['/v1/tasks/{task}', '/v1/sources/{source}', '/v1/predict-routes/{route}'];
      if (operation.method === 'PUT' && named.includes(operation.template)) continue;
      const ask = (ids: typeof own | typeof ABSENT) =>
        mallory.call(
          operation.method,
          pathOf(operation, valuesFor(operation, ids)) + queryFor(operation, ids),
          bodyOf(operation),
        );
      const [foreign, absent] = [await ask(own), await ask(ABSENT)];
      const name = `${operation.method} ${operation.template}`;
      assert.equal(foreign.status, 404, `${name}: ${foreign.text}`);
      assert.equal(shape(foreign, Object.values(own)), shape(absent, Object.values(ABSENT)), name);
      asked++;
    }
    assert.ok(asked >= 40, `${asked} operations were asked`);
    assert.deepEqual(await stateOf(alice), before);
    assert.equal((await carol.get(`/v1/alerts/${own.alert}`)).text, alert);
  });

  test('in bodies and queries, too', async () => {
    const before = await stateOf(alice);
    await mallory.makeTask('mine', topicLabels);
    const train = (dataset: string) => mallory.post('/v1/tasks/mine/training-runs', { dataset });
    const [foreign, absent] = [await train(own.dataset), await train(ABSENT.dataset)];
    assert.equal(foreign.status, 404, foreign.text);
    assert.equal(shape(foreign, [own.dataset]), shape(absent, [ABSENT.dataset]));
    const label = await mallory.post(`/v1/decisions/${own.decision}/labels`, { label: 'billing', source: 'appeal' });
    assert.equal(label.status, 404);
    const gold = (decision: string) => mallory.post('/v1/review/gold', { decision, label: 'billing' });
    const [golden, goldless] = [await gold(own.decision), await gold(ABSENT.decision)];
    assert.equal(golden.status, 404, golden.text);
    assert.equal(shape(golden, [own.decision]), shape(goldless, [ABSENT.decision]));
    assert.deepEqual((await mallory.post('/v1/review/claims', { items: [own.item] })).json.claims, []);
    assert.deepEqual((await mallory.post('/v1/review/claims', { task: 'inquiries' })).json.claims ?? [], []);
    const replayed = await mallory.post('/v1/dead-letters/replay', { ids: [own.letter] });
    assert.deepEqual([replayed.json.replayed, replayed.json.refused[0].code], [0, 'dead_letter_not_found']);
    for (const id of [own.decision, own.job, own.letter, 'evt_1_0', 'person-1']) {
      assert.equal((await mallory.get(`/v1/trail?id=${id}`)).json.code, 'trail_not_found', id);
    }
    const event = { specversion: '1.0', id: 'e', source: '/s', type: 'post', data: { text: 'x' } };
    const sent = await mallory.post(`/v1/events?source=${own.source}`, JSON.stringify(event), {
      headers: { 'Content-Type': 'application/cloudevents+json' },
    });
    assert.deepEqual([sent.status, sent.json.code], [404, 'source_not_found'], sent.text);
    for (const path of ['/v1/review/items', '/v1/review/gold', '/v1/alerts', '/v1/jobs', '/v1/dead-letters']) {
      assert.deepEqual((await mallory.get(`${path}?task=inquiries`)).json.data, [], path);
    }
    for (const path of ['/v1/value', '/v1/value/report', '/v1/value/export']) {
      const [theirs, nobodys] = [
        await mallory.get(`${path}?task=inquiries`),
        await mallory.get(`${path}?task=absentees`),
      ];
      assert.equal(theirs.text.includes('private'), false, path);
      assert.equal(shape(theirs, ['inquiries']), shape(nobodys, ['absentees']), path);
    }
    for (const query of ['task=inquiries', 'subject=person-1', 'model_version=1', 'outcome=review']) {
      assert.deepEqual((await mallory.get(`/v1/decisions?${query}`)).json.data, [], query);
    }
    // The slug of the other's model in one's own task of that name leads nowhere.
    await mallory.makeTask('inquiries', topicLabels);
    const prediction = await mallory.post('/v1/predict/inquiries', { input: { text: 'refund' } });
    assert.equal(prediction.json.review.reason, 'no_model');
    assert.equal((await mallory.put('/v1/models/inquiries/aliases/champion', { version: '1' })).status, 404);
    await mallory.delete('/v1/tasks/inquiries');
    await mallory.delete('/v1/tasks/mine');
    assert.deepEqual(await stateOf(alice), before);
  });

  test('a cursor of another workspace shows one’s own rows only', async () => {
    for (let index = 0; index < 5; index++)
      await alice.post('/v1/predict/inquiries', { input: { text: `row ${index}` } });
    const page = await alice.get('/v1/decisions?limit=2');
    const reply = await mallory.get(`/v1/decisions?cursor=${encodeURIComponent(page.json.next_cursor)}`);
    assert.ok(reply.status === 200 || reply.status === 400, reply.text);
    assert.equal(reply.text.includes('person-1'), false);
    const ids = new Set((await mallory.decisions()).map(({ id }) => id));
    for (const { id } of reply.json.data ?? []) assert.ok(ids.has(id));
  });

  test('an id or a workspace in a body that creates is refused', async () => {
    const task = { kind: 'text_classification', labels: [{ name: 'a' }, { name: 'b' }] };
    for (const [path, method, body] of [
      ['/v1/tasks/mine', 'PUT', { ...task, id: own.task }],
      ['/v1/tasks/mine', 'PUT', { ...task, workspace: alice.id }],
      ['/v1/keys', 'POST', { name: 'x', scopes: ['tasks:read'], workspace: alice.id }],
      ['/v1/keys', 'POST', { name: 'x', scopes: ['tasks:read'], id: own.key }],
      ['/v1/predict/inquiries', 'POST', { input: { text: 'x' }, id: own.decision }],
      ['/v1/review/gold', 'POST', { decision: own.decision, label: 'billing', id: own.gold }],
      ['/v1/review/claims', 'POST', { workspace: alice.id }],
      ['/v1/tasks/inquiries/replays', 'POST', { id: own.replay }],
      ['/v1/jobs', 'POST', { task: 'inquiries', input: { text: 'x' }, id: own.job }],
      ['/v1/jobs', 'POST', { task: 'inquiries', input: { text: 'x' }, workspace: alice.id }],
      ['/v1/members', 'POST', { name: 'x', role: 'viewer', workspace: alice.id }],
    ] as const) {
      const reply = await mallory.call(method, path, body);
      assert.deepEqual([reply.status, reply.json.code], [400, 'unknown_field'], `${path} ${reply.text}`);
    }
  });

  test('no header names a workspace', async () => {
    const names = [
      'X-Workspace',
      'X-Workspace-Id',
      'X-Tenant-Id',
      'X-Forwarded-User',
      'X-Original-URL',
      'X-Rewrite-URL',
    ];
    const headers = Object.fromEntries(names.map((name) => [name, alice.id]));
    const reply = await mallory.get('/v1/me', { headers });
    assert.equal(reply.json.workspace.id, mallory.id);
  });

  test('a key cannot make a stronger one, and cannot outlive its own end', async () => {
    const scopes = ['keys:read', 'keys:write', 'tasks:read'];
    const made = await mallory.post('/v1/keys', { name: 'weak', scopes });
    const weak = mallory.withKey(made.json.secret, made.json.id);
    const stronger = await weak.post('/v1/keys', { name: 'strong', scopes: ['tasks:write'] });
    assert.deepEqual([stronger.status, stronger.json.code], [403, 'key_exceeds_creator']);
  });
});

describe('row 26: every operation and every bad credential', () => {
  const guarded = () => operations.filter(({ policy }) => policy !== 'public');
  const values = { ...ABSENT, model: ABSENT.task, alias: 'champion', version: '1', id: ABSENT.run };
  const ask = (operation: Operation, headers: Record<string, string>) =>
    send(server.url, {
      method: operation.method,
      path: pathOf(operation, values),
      headers,
      ...(operation.takesBody ? { body: bodyOf(operation) } : {}),
    });

  test('none, malformed, unknown, expired, revoked → 401 without a word about the resource', async () => {
    const revoked = (await mallory.post('/v1/keys', { name: 'revoked', scopes: ['tasks:read'] })).json;
    await mallory.delete(`/v1/keys/${revoked.id}`);
    const expires_at = new Date(Date.now() + 1500).toISOString();
    const expired = (await mallory.post('/v1/keys', { name: 'short', scopes: ['tasks:read'], expires_at })).json;
    const shortLived = mallory.withKey(expired.secret, expired.id);
    assert.equal((await shortLived.get('/v1/tasks')).status, 200);
    await eventually('the key expires', async () => (await shortLived.get('/v1/tasks')).status === 401, 4000, 100);
    await eventually(
      'the revocation counts',
      async () => (await mallory.withKey(revoked.secret, revoked.id).get('/v1/tasks')).status === 401,
      5000,
    );
    const key = mallory.key;
    const flipped = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    const credentials: Record<string, string>[] = [
      {},
      { Authorization: '' },
      { Authorization: 'Bearer' },
      { Authorization: 'Bearer ' },
      { Authorization: key },
      { Authorization: `Basic ${Buffer.from(`x:${key}`).toString('base64')}` },
      { Authorization: `Token ${key}` },
      { Authorization: `Bearer ${key} ${key}` },
      { Authorization: `Bearer ${key},Bearer ${key}` },
      { Authorization: `Bearer "${key}"` },
      { Authorization: `Bearer ${key.toUpperCase()}` },
      { Authorization: `Bearer ${flipped}` },
      { Authorization: `Bearer ${key}x` },
      { Authorization: `Bearer ${key.slice(0, -1)}` },
      { Authorization: `Bearer us_${'A'.repeat(43)}` },
      { Authorization: `Bearer us_op_${'A'.repeat(43)}` },
      { Authorization: `Bearer ${'x'.repeat(4000)}` },
      { Authorization: "Bearer ' OR 1=1 --" },
      { Authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcGVyYXRvciJ9.' },
      { Authorization: `Bearer ${expired.secret}` },
      { Authorization: `Bearer ${revoked.secret}` },
      { Cookie: `session=${key}` },
      { 'X-Api-Key': key },
    ];
    assert.ok(guarded().length >= 35, `${guarded().length} guarded operations`);
    for (const operation of guarded()) {
      const replies = await Promise.all(credentials.map((headers) => ask(operation, headers)));
      for (const [index, reply] of replies.entries()) {
        const name = `${operation.method} ${operation.template} ${JSON.stringify(credentials[index]).slice(0, 60)}`;
        assert.equal(reply.status, 401, `${name}: ${reply.text}`);
        assert.match(String(reply.headers['www-authenticate']), /^Bearer/);
        assert.equal(operation.method === 'HEAD' || reply.json.code === 'unauthenticated', true, name);
      }
    }
  });

  test('a key in the query is no credential', async () => {
    const reply = await send(server.url, { path: `/v1/me?access_token=${mallory.key}&api_key=${mallory.key}` });
    assert.equal(reply.status, 401);
  });

  test('the wrong scope → 403, whatever the path points to', async () => {
    const all = (await mallory.get('/v1/me')).json.scopes as string[];
    for (const operation of guarded()) {
      if (operation.policy === 'authenticated') continue;
      const others = all.filter((scope) => scope !== operation.policy);
      assert.equal(others.length, operation.policy === 'operator' ? all.length : all.length - 1, operation.policy);
      const key = await keyWith(others);
      const reply = await ask(operation, { Authorization: `Bearer ${key}` });
      assert.equal(reply.status, 403, `${operation.method} ${operation.template}: ${reply.text}`);
      assert.equal(reply.json.code, 'forbidden');
    }
  });

  const made = new Map<string, string>();
  async function keyWith(scopes: string[]): Promise<string> {
    const name = scopes.join(' ');
    let key = made.get(name);
    if (key === undefined) {
      const reply = await mallory.post('/v1/keys', { name: 'scoped', scopes });
      assert.equal(reply.status, 201, reply.text);
      key = reply.json.secret as string;
      made.set(name, key);
    }
    return key;
  }

  test('the operator’s key opens no workspace', async () => {
    for (const operation of guarded()) {
      if (operation.policy === 'operator' || operation.policy === 'metrics:read') continue;
      const reply = await ask(operation, { Authorization: `Bearer ${operatorKey}` });
      assert.equal(reply.status, 403, `${operation.method} ${operation.template}: ${reply.text}`);
    }
  });
});

describe('row 27: spellings of a path', () => {
  const spellings = (path: string): string[] => {
    const [, first, ...rest] = path.split('/');
    const tail = rest.join('/');
    return [
      `/${path}`,
      `${path}/`,
      `${path}//`,
      `/./${first}/${tail}`,
      `/x/../${first}/${tail}`,
      `/${first}//${tail}`,
      `/${first}/.%2f${tail}`,
      `/${first}%2F${tail}`,
      `/${first}%2f${tail}`,
      `/${first}%252F${tail}`,
      `/${first};x=1/${tail}`,
      `${path};`,
      `${path};.json`,
      `${path}%00`,
      `${path}%20`,
      `${path}.json`,
      `${path}%3F`,
      `${path}#`,
      `/${first}\\${tail}`,
      `/${first!.toUpperCase()}/${tail}`,
      path.toUpperCase(),
      `/%76${first!.slice(1)}/${tail}`,
      `/healthz/live/..${path}`,
      `/healthz/live/%2e%2e${path}`,
      `http://other.example${path}`,
    ];
  };

  test('none opens what the plain one does not', async () => {
    const values = { ...own, model: 'inquiries', alias: 'champion', version: '1', id: own.decision };
    for (const operation of operations.filter(({ policy }) => policy !== 'public')) {
      const plain = pathOf(operation, values);
      const replies = await Promise.all(
        spellings(plain).map((path) =>
          send(server.url, {
            method: operation.method,
            path,
            body: operation.takesBody ? bodyOf(operation) : undefined,
          }),
        ),
      );
      for (const [index, reply] of replies.entries()) {
        const name = `${operation.method} ${spellings(plain)[index]}`;
        assert.ok([400, 401, 404].includes(reply.status), `${name}: ${reply.status} ${reply.text}`);
        assert.equal(reply.text.includes('private words'), false, name);
      }
    }
  });

  test('with a key that may not, none lets it, and none reaches another’s rows', async () => {
    const { json } = await mallory.post('/v1/keys', { name: 'nothing much', scopes: ['metrics:read'] });
    const weak = mallory.withKey(json.secret, json.id);
    for (const path of ['/v1/tasks', '/v1/keys', '/v1/workspaces', '/v1/audit-log', `/v1/decisions/${own.decision}`]) {
      for (const spelling of spellings(path)) {
        const byWeak = await weak.get(spelling);
        assert.ok([400, 403, 404].includes(byWeak.status), `${spelling}: ${byWeak.status} ${byWeak.text}`);
        const byMallory = await mallory.get(spelling);
        assert.equal(byMallory.text.includes('private words'), false, spelling);
      }
    }
  });

  test('another method on a known path is 404 or 405, and opens nothing', async () => {
    for (const { template } of operations) {
      const path = template.replaceAll(/\{[^}]+\}/g, 'x');
      for (const method of ['PATCH', 'TRACE', 'PROPFIND', 'OPTIONS', 'LOCK']) {
        const reply = await mallory.call(method, path);
        assert.ok([400, 404, 405].includes(reply.status), `${method} ${path}: ${reply.status}`);
        assert.match(String(reply.headers['content-type']), /^application\/problem\+json/, `${method} ${path}`);
      }
    }
  });

  test('HEAD is GET without a body, with the same guard', async () => {
    assert.equal((await send(server.url, { method: 'HEAD', path: '/v1/tasks' })).status, 401);
    const head = await mallory.call('HEAD', '/v1/tasks');
    assert.deepEqual([head.status, head.bytes.length], [200, 0]);
  });
});
