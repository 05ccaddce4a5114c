import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Script, ScriptedServer } from '@understudy/client/testing';
import { decision, imported, run } from './testing/answers.ts';
import { Home } from './testing/run-cli.ts';

const serve = (scripts: Record<string, Script>) => new ScriptedServer(scripts).start();

test('import sends a file as it is, and a compressed one still compressed', async () => {
  using home = new Home();
  await using server = await serve({ 'POST /v1/tasks/spam/examples': { body: imported } });
  const csv = 'text,label\n"a, b",ok\n';
  const plain = await home.run(['import', 'spam', home.file('rows.csv', csv)], server);
  assert.equal(plain.code, 0);
  assert.match(plain.stdout, /2 accepted, 1 duplicates/);
  assert.equal(server.seen[0]!.body, csv);
  assert.equal(server.seen[0]!.headers['content-type'], 'text/csv');
  const zipped = await home.run(
    ['import', 'spam', home.file('rows.ndjson.gz', gzipSync('{}\n')), '--skip-invalid', '--add-labels', '--json'],
    server,
  );
  assert.deepEqual(JSON.parse(zipped.stdout), imported);
  assert.equal(server.seen[1]!.headers['content-encoding'], 'gzip');
  assert.equal(server.seen[1]!.headers['content-type'], 'application/x-ndjson');
  assert.equal(server.seen[1]!.query.toString(), 'on_invalid=skip&new_labels=add');
});

test('import rewrites the columns of a foreign file on the way', async () => {
  using home = new Home();
  await using server = await serve({ 'POST /v1/tasks/spam/examples': { body: imported } });
  const file = home.file(
    'export.csv.gz',
    gzipSync('\ufeffid;body;queue;lang\r\n7;"two\nlines";billing;de\r\n8;x;"a;b";\r\n'),
  );
  const done = await home.run(
    [
      'import',
      'spam',
      file,
      '--text-column',
      'body',
      '--label-column',
      'queue',
      '--external-id-column',
      'id',
      '--attribute-columns',
      'lang',
    ],
    server,
  );
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(
    server.seen[0]!.body.trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [
      { input: { text: 'two\nlines' }, label: 'billing', external_id: '7', attributes: { lang: 'de' } },
      { input: { text: 'x' }, label: 'a;b', external_id: '8', attributes: { lang: '' } },
    ],
  );
  const wrong = await home.run(['import', 'spam', file, '--text-column', 'nope'], server);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /has no text column "nope"; it has id, body, queue, lang/);
});

test('import from stdin; a refused import shows its rows', async () => {
  using home = new Home();
  const problems = [{ line: 2, code: 'unknown_label', detail: 'the task has no label "x"', pointer: '/label' }];
  await using server = await serve({
    'POST /v1/tasks/spam/examples': {
      status: 422,
      body: {
        status: 422,
        code: 'examples_invalid',
        detail: '1 row is not valid',
        request_id: 'req_9',
        problems,
        rejected: 1,
      },
    },
  });
  const done = await home.run(['import', 'spam', '-', '--format', 'csv'], {
    url: server.url,
    stdin: 'text,label\na,x\n',
  });
  assert.equal(done.code, 1);
  assert.equal(server.seen[0]!.body, 'text,label\na,x\n');
  assert.match(done.stderr, /line 2 {2}the task has no label "x" \(unknown_label\)/);
  assert.match(done.stderr, /--add-labels/);
  assert.match(done.stderr, /understudy: 1 row is not valid \(examples_invalid, request req_9\)/);
  assert.equal((await home.run(['import', 'spam', '-'], server)).code, 2);
});

const events = (...runs: { status: string }[]) =>
  runs.map((one, i) => `id: ${i + 1}\nevent: progress\ndata: ${JSON.stringify(one)}\n\n`).join('');

const streamOf =
  (text: string, end: boolean): Script =>
  (_request, _count, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text);
    if (end) response.end();
    return undefined;
  };

test('train follows the run and reports it', async () => {
  using home = new Home();
  const metrics = {
    accuracy: 0.914,
    accuracy_interval: { low: 0.9, high: 0.92 },
    rows: 1000,
    expected_calibration_error: 0.02,
    chosen_because: 'linear was best',
  };
  const done = run('succeeded', {
    metrics,
    model_version: '4',
    chosen_trainer: 'linear',
    promotion: { promoted: true, reason: 'the first' },
  });
  await using server = await serve({
    'POST /v1/tasks/spam/training-runs': { status: 202, body: run('queued') },
    'GET /v1/training-runs/run_1/events': streamOf(events(run('running'), done), true),
  });
  const people = await home.run(['train', 'spam', '--trainer', 'auto', '--seed', '7', '--parameter', 'C=2'], server);
  assert.equal(people.code, 0, people.stderr);
  assert.match(people.stdout, /91\.40 %.*95 % interval 90\.0 % … 92\.0 %/);
  assert.match(people.stdout, /linear was best/);
  assert.match(people.stderr, /fit 40%/);
  assert.deepEqual(JSON.parse(server.seen[0]!.body), { trainer: 'auto', seed: 7, parameters: { C: 2 } });
  const machine = await home.run(['train', 'spam', '--json', '--quiet'], server);
  assert.equal(JSON.parse(machine.stdout).model_version, '4');
  assert.equal(machine.stderr, '');
});

test('a failed run is exit code 1; --detach does not wait', async () => {
  using home = new Home();
  await using server = await serve({
    'POST /v1/tasks/spam/training-runs': { status: 202, body: run('queued') },
    'GET /v1/training-runs/run_1/events': streamOf(
      events(run('failed', { error: { code: 'training_failed', detail: 'too few rows' } })),
      true,
    ),
  });
  const failed = await home.run(['train', 'spam'], server);
  assert.equal(failed.code, 1);
  assert.match(failed.stdout, /too few rows/);
  const detached = await home.run(['train', 'spam', '--detach', '--json'], server);
  assert.equal(detached.code, 0);
  assert.equal(JSON.parse(detached.stdout).status, 'queued');
  assert.equal(server.requests('GET /v1/training-runs/run_1/events').length, 1);
});

test('an interrupted train cancels its run where nobody can be asked', async () => {
  using home = new Home();
  let finish: () => void = () => {};
  await using server = await serve({
    'POST /v1/tasks/spam/training-runs': { status: 202, body: run('queued') },
    'GET /v1/training-runs/run_1/events': (_request, _count, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(events(run('running')));
      finish = () =>
        response.end(
          `id: 9\nevent: cancelled\ndata: ${JSON.stringify(run('cancelled', { cancel_requested: true }))}\n\n`,
        );
      return undefined;
    },
    'POST /v1/training-runs/run_1/cancel': () => {
      finish();
      return { status: 202, body: run('running', { cancel_requested: true }) };
    },
  });
  let killed = false;
  const done = await home.run(['train', 'spam'], {
    url: server.url,
    onStderr: (text, kill) => {
      if (!killed && text.includes('fit')) {
        killed = true;
        kill();
      }
    },
  });
  assert.equal(done.code, 130);
  assert.equal(server.requests('POST /v1/training-runs/run_1/cancel').length, 1);
});

test('predict: one text, explained, and its JSON', async () => {
  using home = new Home();
  const explanation = {
    method: 'linear',
    label: 'spam',
    score: 1.5,
    unit: 'logit',
    bias: 0.1,
    features: [
      { name: 'word:buy', weight: 1.2, span: [0, 3] },
      { name: 'word:now', weight: -0.2 },
    ],
    remainder: 0.4,
  };
  await using server = await serve({
    'POST /v1/predict/spam': ({ body }) => ({
      body: decision('dec_1', JSON.parse(body).explain === true ? { explanation } : {}),
    }),
  });
  const people = await home.run(['predict', 'spam', 'Buy cheap', '--explain'], {
    url: server.url,
    env: { FORCE_COLOR: '1' },
  });
  assert.equal(people.code, 0);
  assert.ok(people.stdout.includes('\u001b[7mBuy\u001b[0m cheap'));
  assert.match(people.stdout, /no certificate yet/);
  const machine = await home.run(['predict', 'spam', '-', '--json', '--external-id', 'e1'], {
    url: server.url,
    stdin: 'from stdin\n',
  });
  assert.equal(JSON.parse(machine.stdout).suggestion.label, 'spam');
  assert.deepEqual(JSON.parse(server.seen[1]!.body), { input: { text: 'from stdin' }, external_id: 'e1' });
  assert.equal((await home.run(['predict', 'spam'], server)).code, 2);
});

test('predict --file: batches in order, NDJSON and CSV, accuracy against the truth', async () => {
  using home = new Home();
  let next = 0;
  await using server = await serve({
    'POST /v1/predict/spam/batch': ({ body }) => ({
      body: {
        decisions: (JSON.parse(body) as { items: { input: { text: string } }[] }).items.map(({ input }) =>
          input.text === 'formula'
            ? decision(`dec_${next++}`, { outcome: 'automated', label: '=1+1', suggestion: null, review: null })
            : decision(`dec_${next++}`),
        ),
      },
    }),
  });
  const file = home.file('items.csv', 'text,queue\na,spam\nb,ok\nformula,ok\n');
  const done = await home.run(
    [
      'predict',
      'spam',
      '--file',
      file,
      '--truth-column',
      'queue',
      '--batch',
      '2',
      '--concurrency',
      '1',
      '--json',
      '--quiet',
    ],
    server,
  );
  assert.equal(done.code, 0, done.stderr);
  const rows = done.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    rows.map(({ row, id, truth }) => [row, id, truth]),
    [
      [1, 'dec_0', 'spam'],
      [2, 'dec_1', 'ok'],
      [3, 'dec_2', 'ok'],
    ],
  );
  assert.deepEqual(JSON.parse(server.seen[0]!.body), { items: [{ input: { text: 'a' } }, { input: { text: 'b' } }] });

  const out = join(home.path, 'out.csv');
  const csv = await home.run(['predict', 'spam', '--file', file, '--truth-column', 'queue', '-o', out], server);
  assert.equal(csv.stdout, '');
  assert.match(csv.stderr, /best guess right: 33\.33 % \(1 of 3\)/);
  assert.match(csv.stderr, /automated answers wrong: 1 of 1/);
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  assert.equal(lines[0], 'row,decision,external_id,outcome,label,suggestion,confidence,threshold,reason,truth');
  assert.equal(lines[3], "3,dec_5,,automated,'=1+1,,0.8,,,ok");
});

test('review goes from item to item: a number answers, letters skip and take back, the end gives back', async () => {
  using home = new Home();
  let claims = 0;
  const claim = (item: string) => ({
    item,
    task: 'spam',
    claim_token: `token-${item}`,
    expires_at: '2026-01-01T00:00:00Z',
    decision: { id: `dec_${item}`, input: { text: `text of ${item}` } },
    labels: ['ok', 'spam'],
  });
  const state = (item: string) => ({ body: { item, status: 'answered' } });
  await using server = await serve({
    'POST /v1/review/claims': () => {
      claims++;
      return { body: { claims: claims > 4 ? [] : [claim(`itm_${claims}`)], tasks: [] } };
    },
    'POST /v1/review/items/itm_1/verdict': state('itm_1'),
    'POST /v1/review/items/itm_1/undo': { body: claim('itm_1') },
    'POST /v1/review/items/itm_2/release': state('itm_2'),
    'POST /v1/review/items/itm_3/skip': state('itm_3'),
    'POST /v1/review/items/itm_4/release': state('itm_4'),
  });
  const done = await home.run(['review', '--task', 'spam', '--json'], {
    url: server.url,
    stdin: '2\nu\n1\ns\nwhat\nq\n',
  });
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(JSON.parse(done.stdout), { answered: [{ item: 'itm_1', label: 'ok' }] });
  const verdicts = server.seen.filter(({ path }) => path.endsWith('/verdict')).map(({ body }) => JSON.parse(body));
  assert.deepEqual(
    verdicts.map(({ label, claim_token }) => [label, claim_token]),
    [
      ['spam', 'token-itm_1'],
      ['ok', 'token-itm_1'],
    ],
  );
  assert.match(done.stderr, /text of itm_3[\s\S]*"what" is none of the answers/);
});
