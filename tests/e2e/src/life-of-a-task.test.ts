import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  eventually,
  makeWorkspace,
  ServerProcess,
  StartFailed,
  scratchFolder,
  second,
  send,
  topicLabels,
  topicRows,
  trainedByHand,
  type Workspace,
} from './index.ts';

const scratch = scratchFolder();
const dataDir = join(scratch, 'data');
let server: ServerProcess;
let operatorKey: string;
let shop: Workspace;

before(async () => {
  server = await ServerProcess.start({ dataDir });
  operatorKey = server.operatorKey!;
  shop = await makeWorkspace(() => server, operatorKey, 'Shop');
});
after(() => server?.stop());

const csv = (rows: ReturnType<typeof topicRows>) =>
  `text,label\r\n${rows.map(({ input, label }) => `"${input.text.replaceAll('"', '""')}",${label}`).join('\r\n')}\r\n`;
const importAs = (type: string, body: string | Buffer, query = '', headers = {}) =>
  shop.post(`/v1/tasks/inquiries/examples${query}`, body, { headers: { 'Content-Type': type, ...headers } });

describe('task', () => {
  let etag: string;
  const definition = {
    kind: 'text_classification',
    labels: topicLabels.map((name) => ({ name })),
    ...trainedByHand,
  };

  test('is made once with If-None-Match, and read back with its defaults', async () => {
    const made = await shop.put('/v1/tasks/inquiries', definition, { headers: { 'If-None-Match': '*' } });
    assert.equal(made.status, 201, made.text);
    etag = String(made.headers.etag);
    assert.ok(etag.length > 2);
    assert.equal(made.json.revision, 1);
    const again = await shop.put('/v1/tasks/inquiries', definition, { headers: { 'If-None-Match': '*' } });
    assert.equal(again.status, 412);
    const read = await shop.get('/v1/tasks/inquiries');
    assert.equal(read.headers.etag, etag);
    assert.deepEqual(read.json.automation, { mode: 'certified' });
    assert.equal(read.json.error_budget.max_error > 0, true);
  });

  test('an edit needs the version that it was made from', async () => {
    const edit = { ...definition, title: 'Inquiries' };
    const edited = await shop.put('/v1/tasks/inquiries', edit, { headers: { 'If-Match': etag } });
    assert.equal(edited.status, 200, edited.text);
    assert.notEqual(edited.headers.etag, etag);
    const stale = await shop.put('/v1/tasks/inquiries', { ...edit, title: 'Lost' }, { headers: { 'If-Match': etag } });
    assert.equal(stale.status, 412);
    assert.equal(stale.json.code, 'stale_version');
    assert.equal((await shop.get('/v1/tasks/inquiries')).json.title, 'Inquiries');
    assert.equal((await shop.delete('/v1/tasks/inquiries', { headers: { 'If-Match': etag } })).status, 412);
  });

  test('two writers of one version: exactly one wins', async () => {
    const current = String((await shop.get('/v1/tasks/inquiries')).headers.etag);
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        shop.put(
          '/v1/tasks/inquiries',
          { ...definition, title: `Writer ${index}` },
          { headers: { 'If-Match': current } },
        ),
      ),
    );
    const statuses = replies.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, ...Array(7).fill(412)]);
  });

  test('answers review without a model, and the row says why', async () => {
    const reply = await shop.post('/v1/predict/inquiries', { input: { text: 'where is my parcel' } });
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.json.outcome, 'review');
    assert.equal(reply.json.label, null);
    assert.equal(reply.json.review.reason, 'no_model');
    const detail = await shop.get(`/v1/decisions/${reply.json.id}`);
    assert.deepEqual(detail.json.input, { text: 'where is my parcel' });
  });

  test('training is refused while there is too little, and says what is missing', async () => {
    const nothing = await shop.post('/v1/tasks/inquiries/training-runs', {});
    const outcome = nothing.status === 202 ? await shop.runEnd(nothing.json.id) : null;
    assert.equal(outcome === null ? nothing.status : outcome.status, outcome === null ? 422 : 'failed');
    const why = outcome === null ? nothing.json : outcome.error;
    assert.match(why.code, /^(training_data_insufficient|dataset_empty)$/);

    await shop.makeTask('one-label', ['yes', 'no']);
    await shop.import(
      'one-label',
      Array.from({ length: 60 }, (_, i) => ({ input: { text: `row ${i} of one` }, label: 'yes' })),
    );
    const oneLabel = await shop.train('one-label');
    assert.equal(oneLabel.status, 'failed');
    assert.equal(oneLabel.error.code, 'training_data_insufficient');
    assert.match(oneLabel.error.detail, /label/);
    assert.equal(oneLabel.model_version, null);

    await shop.makeTask('two-rows', ['yes', 'no']);
    await shop.import('two-rows', [
      { input: { text: 'fine' }, label: 'yes' },
      { input: { text: 'bad' }, label: 'no' },
    ]);
    const twoRows = await shop.train('two-rows');
    assert.equal(twoRows.status, 'failed');
    assert.equal(twoRows.error.code, 'training_data_insufficient');
    assert.ok(twoRows.error.detail.length > 20, twoRows.error.detail);
  });
});

describe('examples and datasets', () => {
  const rows = topicRows(360);
  let dataset: string;

  test('come as CSV, NDJSON, JSON and gzip; what is there already is a duplicate', async () => {
    const one = await importAs('text/csv', csv(rows.slice(0, 90)));
    assert.deepEqual([one.status, one.json.accepted, one.json.rejected], [200, 90, 0], one.text);
    const lines = rows.slice(90, 180).map((row) => JSON.stringify(row));
    const two = await importAs('application/x-ndjson', lines.join('\n'));
    assert.deepEqual([two.status, two.json.accepted], [200, 90], two.text);
    const three = await importAs('application/json', JSON.stringify({ examples: rows.slice(180, 270) }));
    assert.deepEqual([three.status, three.json.accepted], [200, 90], three.text);
    const packed = gzipSync(`\ufeff${csv(rows.slice(270))}`);
    const four = await importAs('text/csv; charset=utf-8', packed, '', { 'Content-Encoding': 'gzip' });
    assert.deepEqual([four.status, four.json.accepted], [200, 90], four.text);
    const again = await importAs('text/csv', csv(rows));
    assert.deepEqual([again.json.accepted, again.json.duplicates], [0, 360], again.text);
    const stats = await shop.get('/v1/tasks/inquiries/examples/stats');
    assert.equal(stats.json.examples, 360);
  });

  test('a bad row stops the whole import unless it is to be skipped', async () => {
    const body = 'text,label\nfine row,billing\nwrong label,nonsense\n';
    const refused = await importAs('text/csv', body);
    assert.equal(refused.status, 422, refused.text);
    assert.equal((await shop.get('/v1/tasks/inquiries/examples/stats')).json.examples, 360);
    const skipped = await importAs('text/csv', 'text,label\nwrong label,nonsense\n', '?on_invalid=skip');
    assert.deepEqual([skipped.status, skipped.json.accepted, skipped.json.rejected], [200, 0, 1], skipped.text);
    assert.equal(skipped.json.problems[0].line, 2);
  });

  test('the same rows give the same dataset version', async () => {
    const first = await shop.post('/v1/tasks/inquiries/datasets');
    assert.equal(first.status, 201, first.text);
    dataset = first.json.id;
    assert.match(dataset, /^sha256:[0-9a-f]{64}$/);
    assert.equal(first.json.rows, 360);
    const second = await shop.post('/v1/tasks/inquiries/datasets');
    assert.deepEqual([second.status, second.json.id], [200, dataset]);
    assert.deepEqual(
      (await shop.get('/v1/tasks/inquiries/datasets')).json.data.map(({ id }: { id: string }) => id),
      [dataset],
    );
  });

  test('is downloaded as Parquet, CSV and NDJSON, and what leaves can come back', async () => {
    const path = `/v1/tasks/inquiries/datasets/${dataset}/data?format=`;
    const parquet = await shop.get(`${path}parquet`);
    assert.equal(parquet.status, 200);
    assert.equal(parquet.bytes.subarray(0, 4).toString(), 'PAR1');
    assert.equal(parquet.bytes.subarray(-4).toString(), 'PAR1');
    const ndjson = (await shop.get(`${path}ndjson`)).text.trim().split('\n');
    const expected = new Set(rows.map(({ input, label }) => `${label}\t${input.text}`));
    const got = new Set(
      ndjson.map((line) => {
        const { input, label } = JSON.parse(line);
        return `${label}\t${input.text}`;
      }),
    );
    assert.deepEqual(got, expected);
    const table = await shop.get(`${path}csv`);
    const again = await importAs('text/csv', table.bytes);
    assert.deepEqual([again.json?.accepted, again.json?.duplicates], [0, 360], again.text);
  });
});

describe('training and serving', () => {
  let version: string;

  test('streams its progress to the end and makes a champion', async () => {
    const started = await shop.post('/v1/tasks/inquiries/training-runs', {});
    assert.equal(started.status, 202, started.text);
    assert.equal(started.headers.location, `/v1/training-runs/${started.json.id}`);
    const stream = await shop.get(`/v1/training-runs/${started.json.id}/events`, {
      headers: { Accept: 'text/event-stream' },
    });
    assert.match(String(stream.headers['content-type']), /^text\/event-stream/);
    const events = stream.text.split('\n\n').filter((block) => block.includes('event:'));
    const last = events.at(-1)!;
    assert.match(last, /event: succeeded/, last);
    assert.ok(events.length >= 2, `${events.length} events`);
    const dones = events.map((block) => JSON.parse(/^data: (.*)$/m.exec(block)![1]!).progress.done as number);
    assert.deepEqual(
      dones,
      [...dones].sort((a, b) => a - b),
      'progress never goes back',
    );
    const ids = events.map((block) => Number(/^id: (\d+)$/m.exec(block)![1]));
    assert.deepEqual(
      ids,
      [...new Set(ids)].sort((a, b) => a - b),
    );

    const resumed = await shop.get(`/v1/training-runs/${started.json.id}/events`, {
      headers: { 'Last-Event-ID': String(ids.at(-2) ?? 0) },
    });
    assert.equal(resumed.text.split('\n\n').filter((block) => block.includes('event:')).length, 1);

    const run = await shop.runEnd(started.json.id);
    version = run.model_version;
    assert.equal(run.promotion.promoted, true, JSON.stringify(run.promotion));
    const { metrics } = run;
    assert.ok(metrics.accuracy > 0.8, `accuracy ${metrics.accuracy}`);
    for (const field of ['macro_f1', 'per_label', 'confusion', 'log_loss', 'expected_calibration_error']) {
      assert.notEqual(metrics[field], undefined, field);
    }
    assert.ok(metrics.duration_seconds > 0 && metrics.peak_memory_bytes > 0);
    const model = await shop.get('/v1/models/inquiries');
    assert.deepEqual(model.json.aliases, [{ alias: 'champion', version }]);
    const facts = (await shop.get(`/v1/models/inquiries/versions/${version}`)).json;
    assert.match(facts.artifact.sha256, /^[0-9a-f]{64}$/);
    assert.equal(facts.lineage.dataset, run.dataset);
    assert.equal(facts.lineage.training_run, run.id);
    assert.equal(facts.lineage.seed, run.seed);
  });

  test('a run can be cancelled, and leaves no version', async () => {
    const { json } = await shop.post('/v1/tasks/inquiries/training-runs', {});
    const cancelled = await shop.post(`/v1/training-runs/${json.id}/cancel`);
    assert.equal(cancelled.status, 202, cancelled.text);
    const run = await shop.runEnd(json.id);
    assert.equal(run.status, 'cancelled', JSON.stringify(run.error));
    assert.equal(run.model_version, null);
    const versions = (await shop.get('/v1/models/inquiries/versions')).json.data;
    assert.deepEqual(
      versions.map((entry: { version: string }) => entry.version),
      [version],
    );
  });

  test('without a certificate the answer goes to a person, with a suggestion', async () => {
    const ask = () =>
      shop.post('/v1/predict/inquiries', {
        input: { text: 'the courier lost my parcel' },
        external_id: 'mail-1',
        subject: 'customer-1',
      });
    // So small a budget that no few hundred labels can prove it.
    const { json: task, headers } = await shop.get('/v1/tasks/inquiries');
    const { id: _i, task: _t, revision: _r, created_at: _c, updated_at: _u, ...whole } = task;
    const strict = { ...whole, error_budget: { max_error: 0.0001, confidence: 0.99 } };
    const put = await shop.put('/v1/tasks/inquiries', strict, { headers: { 'If-Match': String(headers.etag) } });
    assert.equal(put.status, 200, put.text);
    const { json } = await eventually('the champion serves', async () => {
      const reply = await ask();
      return reply.json.decided_by === null || reply.json.outcome === 'automated' ? null : reply;
    });
    assert.equal(json.outcome, 'review');
    assert.equal(json.label, null);
    assert.equal(json.review.reason, 'not_certified');
    assert.equal(json.suggestion.label, 'delivery');
    assert.equal(json.external_id, 'mail-1');
    assert.deepEqual(json.decided_by, { rung: 'own_model', model: 'inquiries', version });
    const total = json.candidates.reduce((sum: number, { score }: { score: number }) => sum + score, 0);
    assert.ok(Math.abs(total - 1) < 1e-3, `scores sum to ${total}`);
  });

  test('an uncertified rule automates from its confidence on, and each row says so', async () => {
    const { json: task, headers } = await shop.get('/v1/tasks/inquiries');
    const { id: _i, task: _t, revision: _r, created_at: _c, updated_at: _u, ...definition } = task;
    const rule = (min_confidence: number) => ({ ...definition, automation: { mode: 'uncertified', min_confidence } });
    const edit = await shop.put('/v1/tasks/inquiries', rule(0.5), { headers: { 'If-Match': String(headers.etag) } });
    assert.equal(edit.status, 200, edit.text);
    const sure = await shop.post('/v1/predict/inquiries', {
      input: { text: 'parcel courier tracking driver shipped package' },
    });
    assert.equal(sure.json.outcome, 'automated', sure.text);
    assert.equal(sure.json.label, 'delivery');
    assert.equal(sure.json.automation, 'uncertified');
    assert.equal(sure.json.threshold, 0.5);
    const row = (await shop.get(`/v1/decisions/${sure.json.id}`)).json;
    assert.equal(row.automation, 'uncertified');
    assert.equal(row.outcome, 'automated');

    await shop.put('/v1/tasks/inquiries', rule(1));
    const strict = await shop.post('/v1/predict/inquiries', { input: { text: 'parcel and invoice' } });
    assert.equal(strict.json.outcome, 'review');
    assert.equal(strict.json.review.reason, 'below_threshold');
    assert.equal(strict.json.label, null);
    await shop.put('/v1/tasks/inquiries', rule(0.5));
    for (const { json } of await Promise.all(
      topicRows(40, 9).map((item) => shop.post('/v1/predict/inquiries', { input: item.input })),
    )) {
      const automated = json.outcome === 'automated';
      const confidence = automated ? json.confidence : json.suggestion.confidence;
      assert.equal(automated, confidence >= 0.5, JSON.stringify(json));
    }
  });

  test('a batch answers in order and in one commit; one bad item refuses all, with every pointer', async () => {
    const rows = topicRows(50, 3);
    const items = rows.map(({ input }, index) => ({ input, external_id: `batch-${index}` }));
    const reply = await shop.post('/v1/predict/inquiries/batch', { items });
    assert.equal(reply.status, 200, reply.text);
    assert.deepEqual(
      reply.json.decisions.map((decision: { external_id: string }) => decision.external_id),
      items.map(({ external_id }) => external_id),
    );
    const commits = new Set<number>();
    for (const decision of reply.json.decisions.slice(0, 5)) {
      commits.add((await shop.get(`/v1/decisions/${decision.id}`)).json.ledger.commit);
    }
    assert.equal(commits.size, 1);

    const before = (await shop.get('/v1/ledger/head')).json;
    const bad = await shop.post('/v1/predict/inquiries/batch', {
      items: [
        { input: { text: 'fine' } },
        { input: { text: 7 } },
        { input: {} },
        { input: { text: 'x' }, colour: 'red' },
      ],
    });
    assert.equal(bad.status, 400);
    assert.deepEqual(
      bad.json.errors.map((error: { pointer: string; code: string }) => [error.pointer, error.code]).sort(),
      [
        ['/items/1/input/text', 'wrong_type'],
        ['/items/2/input/text', 'missing_field'],
        ['/items/3/colour', 'unknown_field'],
      ],
    );
    const long = 'x'.repeat(20_001);
    const tooLong = await shop.post('/v1/predict/inquiries/batch', {
      items: [{ input: { text: long } }, { input: { text: 'ok' } }, { input: { text: long } }],
    });
    assert.equal(tooLong.status, 400);
    assert.deepEqual(
      tooLong.json.errors.map((error: { pointer: string; code: string }) => [error.pointer, error.code]),
      [
        ['/items/0/input/text', 'input_too_long'],
        ['/items/2/input/text', 'input_too_long'],
      ],
    );
    assert.deepEqual((await shop.get('/v1/ledger/head')).json, before);
  });

  test('an explanation adds up to its score, and its spans are in the text', async () => {
    const text = 'Naïve 😀 question: the COURIER lost my parcel, tracking says delivered — 日本 refund';
    const { json } = await shop.post('/v1/predict/inquiries', { input: { text }, explain: true });
    const { explanation } = json;
    assert.ok(explanation.features.length > 3);
    const sum = explanation.features.reduce((total: number, { weight }: { weight: number }) => total + weight, 0);
    const total = explanation.bias + sum + explanation.remainder;
    assert.ok(Math.abs(total - explanation.score) < 1e-3, `${total} against ${explanation.score}`);
    let spans = 0;
    for (const { name, span } of explanation.features) {
      if (span === undefined) continue;
      spans++;
      const [start, end] = span;
      assert.ok(start >= 0 && start < end && end <= text.length, `${name} ${span}`);
      const plain = (value: string) =>
        value
          .normalize('NFKC')
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}]/gu, '');
      const shown = plain(text.slice(start, end));
      const named = plain(name.replace(/^[a-z_]+[:=]\s*/i, ''));
      assert.ok(
        shown.includes(named) || named.includes(shown),
        `${name} stands for ${JSON.stringify(text.slice(start, end))}`,
      );
    }
    assert.ok(spans > 0);
  });

  test('a promotion and a rollback are served within two seconds', async () => {
    await shop.import('inquiries', topicRows(90, 5));
    const run = await shop.train('inquiries', { promote: 'never', seed: 2 });
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.notEqual(run.model_version, version);
    const served = async () =>
      (await shop.post('/v1/predict/inquiries', { input: { text: 'parcel' } })).json.decided_by.version;
    assert.equal(await served(), version, '`never` promotes nothing');
    const promote = (to: string) => shop.put('/v1/models/inquiries/aliases/champion', { version: to, reason: 'test' });
    for (const to of [run.model_version, version]) {
      assert.equal((await promote(to)).status, 200);
      await eventually(`version ${to} serves`, async () => (await served()) === to, 2 * second());
    }
    const history = (await shop.get('/v1/models/inquiries/aliases')).json.data;
    assert.deepEqual(history[0].version, version);
    assert.equal(history[0].reason, 'test');
    assert.equal((await promote('99')).status, 404);
  });
});

describe('decisions and ledger', () => {
  test('lists are filtered, and a cursor is stable while rows are added', async () => {
    const filters: [string, (row: any) => boolean][] = [
      ['outcome=automated', (row) => row.outcome === 'automated'],
      ['outcome=review', (row) => row.outcome === 'review'],
      ['label=delivery', (row) => row.label === 'delivery'],
      ['external_id=batch-7', (row) => row.external_id === 'batch-7'],
      ['subject=customer-1', (row) => row.subject === 'customer-1'],
      ['task=inquiries', (row) => row.task === 'inquiries'],
    ];
    const all = await shop.decisions();
    for (const [query, matches] of filters) {
      const rows = await shop.decisions(`&${query}`);
      assert.deepEqual(
        rows.map(({ id }) => id),
        all.filter(matches).map(({ id }) => id),
        query,
      );
      assert.ok(rows.length > 0, query);
    }
    assert.deepEqual(await shop.decisions('&task=nothing-here'), []);

    const middle = all[10].created_at;
    const since = await shop.decisions(`&from=${encodeURIComponent(middle)}`);
    assert.deepEqual(
      since.map(({ id }) => id),
      all.filter(({ created_at }) => created_at >= middle).map(({ id }) => id),
    );

    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await shop.get(
        `/v1/decisions?limit=7${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      assert.equal(page.status, 200, page.text);
      seen.push(...page.json.data.map(({ id }: { id: string }) => id));
      cursor = page.json.next_cursor;
      await shop.post('/v1/predict/inquiries', { input: { text: `added meanwhile ${seen.length}` } });
    }
    assert.deepEqual(
      seen,
      all.map(({ id }) => id),
    );
    assert.equal((await shop.get('/v1/decisions?cursor=nonsense')).status, 400);
  });

  test('labels keep their history and show when they conflict', async () => {
    const { json } = await shop.post('/v1/predict/inquiries', { input: { text: 'password forgotten' } });
    const label = (body: object) => shop.post(`/v1/decisions/${json.id}/labels`, body);
    // Without a person it would be our own answer, copied back.
    assert.equal((await label({ label: 'account', source: 'application', person: 'user-7' })).status, 201);
    assert.equal((await shop.get(`/v1/decisions/${json.id}`)).json.labels_conflict, false);
    assert.equal((await label({ label: 'billing', source: 'appeal', note: 'they paid' })).status, 201);
    const { labels, labels_conflict, label: answered } = (await shop.get(`/v1/decisions/${json.id}`)).json;
    assert.deepEqual(
      labels.map((entry: { label: string; source: string }) => [entry.label, entry.source]),
      [
        ['account', 'application'],
        ['billing', 'appeal'],
      ],
    );
    assert.equal(labels_conflict, true);
    assert.equal(answered, json.label);
    const unknown = await label({ label: 'weather', source: 'application' });
    assert.equal(unknown.status, 400);
    assert.equal(unknown.json.code, 'unknown_label');
  });

  test('a proof leads from a decision to the head, by the arithmetic of RFC 6962', async () => {
    const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
    const hex = (value: string) => Buffer.from(value, 'hex');
    const leafHash = (data: Buffer) => sha256(Buffer.of(0), data);
    const nodeHash = (left: Buffer, right: Buffer) => sha256(Buffer.of(1), left, right);
    /** The size of the left subtree: the largest power of two below n. */
    const split = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1);
    /** MTH from PATH(m, D[n]), the recursion of section 2.1.1 read backwards. */
    const root = (leaf: Buffer, m: number, n: number, path: Buffer[]): Buffer => {
      if (n === 1) {
        assert.equal(path.length, 0);
        return leaf;
      }
      const k = split(n);
      const sibling = path.at(-1)!;
      const rest = path.slice(0, -1);
      return m < k ? nodeHash(root(leaf, m, k, rest), sibling) : nodeHash(sibling, root(leaf, m - k, n - k, rest));
    };
    const integer = (value: number) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64BE(BigInt(value));
      return bytes;
    };
    const head = (await shop.get('/v1/ledger/head')).json;
    const all = await shop.decisions();
    for (const { id } of [all[0], all.at(-1), ...all.filter(({ external_id }) => /^batch-/.test(external_id ?? ''))]) {
      const { json: proof } = await shop.get(`/v1/ledger/proof?decision=${id}`);
      const record = JSON.parse(proof.record);
      assert.equal(record.id, id);
      const { commit, log } = proof;
      const commitRoot = root(
        leafHash(Buffer.from(proof.record)),
        commit.position,
        commit.entries,
        commit.path.map(hex),
      );
      assert.equal(commitRoot.toString('hex'), commit.root);
      const commitLeaf = leafHash(
        Buffer.concat([hex(commit.root), integer(commit.entries), integer(commit.committed_at_ms)]),
      );
      assert.equal(root(commitLeaf, commit.seq, log.size, log.path.map(hex)).toString('hex'), log.head);
      assert.deepEqual([log.size, log.head], [head.size, head.head]);
      const altered = leafHash(Buffer.from(proof.record.replace(id, `${id.slice(0, -1)}~`)));
      assert.notEqual(
        root(altered, commit.position, commit.entries, commit.path.map(hex)).toString('hex'),
        commit.root,
      );
    }
  });

  test('the whole ledger verifies, and an export carries every decision', async () => {
    const report = await shop.verifyLedger();
    assert.equal(report.ok, true, JSON.stringify(report.found));
    const all = await shop.decisions();
    const head = (await shop.get('/v1/ledger/head')).json;
    assert.equal(head.decisions, all.length);
    assert.equal(report.entries, head.entries);
    const exported = (await shop.get('/v1/ledger/export')).text;
    for (const { id } of all) assert.ok(exported.includes(id), id);
    assert.ok(
      exported
        .trim()
        .split('\n')
        .every((line) => typeof JSON.parse(line) === 'object'),
    );
  });

  test('the audit log has the changes, with who made them', async () => {
    const actions = new Map<string, any>();
    for (let cursor = ''; ; ) {
      const { json } = await shop.get(`/v1/audit-log?limit=200${cursor}`);
      for (const entry of json.data) actions.set(entry.action, entry);
      if (json.next_cursor === null) break;
      cursor = `&cursor=${encodeURIComponent(json.next_cursor)}`;
    }
    const seen = [...actions.keys()].join(' ');
    for (const wanted of [
      /task\.created/,
      /task\.(updated|changed)/,
      /alias|promot/,
      /workspace\.created|key\.created/,
    ]) {
      assert.match(seen, wanted);
    }
    assert.equal(actions.get('task.created').principal.id, shop.keyId);
    assert.match(actions.get('task.created').request_id, /\S/);
  });
});

describe('the process', () => {
  test('a second server on the same data directory is refused, and the first serves on', async () => {
    const refused = await ServerProcess.start({ dataDir, logFile: join(scratch, 'second.log') }).then(
      () => assert.fail('it started'),
      (error: unknown) => error,
    );
    assert.ok(refused instanceof StartFailed);
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.message, /data_directory_in_use/);
    assert.match(refused.message, /already|in use|another/i);
    assert.equal((await shop.get('/v1/me')).status, 200);
  });

  test('a restart keeps everything', async () => {
    const state = async () => ({
      task: (await shop.get('/v1/tasks/inquiries')).json,
      stats: (await shop.get('/v1/tasks/inquiries/examples/stats')).json,
      datasets: (await shop.get('/v1/tasks/inquiries/datasets')).json,
      model: (await shop.get('/v1/models/inquiries')).json,
      head: (await shop.get('/v1/ledger/head')).json,
      decisions: (await shop.decisions()).map(({ id }) => id),
    });
    const before = await state();
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    server = await ServerProcess.start({ dataDir });
    assert.equal(server.operatorKey, null, 'the key is shown once');
    assert.deepEqual(await state(), before);
    const prediction = await shop.post('/v1/predict/inquiries', { input: { text: 'my parcel and its tracking' } });
    assert.equal(prediction.json.decided_by.version, before.model.aliases[0].version);
    const consistency = await shop.get(`/v1/ledger/consistency?from=${before.head.size}`);
    assert.equal(consistency.json.first.head, before.head.head);
    const trusted = await shop.verifyLedger(`?trusted=${before.head.size}:${before.head.head}`);
    assert.equal(trusted.ok, true);
    const other = await makeWorkspace(server, operatorKey, 'After the restart');
    assert.equal((await send(server.url, { path: '/v1/me', key: other.key })).json.workspace.id, other.id);
  });
});
