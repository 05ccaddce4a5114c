import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  eventually,
  makeWorkspace,
  ServerProcess,
  scratchFolder,
  topicLabels,
  topicRows,
  type Workspace,
} from './index.ts';

const scratch = scratchFolder();
let server: ServerProcess;
let shop: Workspace;

/** A receiver that has moved away for good. */
const gone = createServer((_request, response) => response.writeHead(410).end());
before(async () => {
  await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done));
  server = await ServerProcess.start({
    dataDir: join(scratch, 'data'),
    settings: { UNDERSTUDY_EGRESS_ALLOW: '127.0.0.1' },
  });
  shop = await makeWorkspace(() => server, server.operatorKey!, 'Shop');
});
after(async () => {
  gone.close();
  await server?.stop();
});

type Schema = Record<string, any>;
const folder = join(import.meta.dirname, '../../../contracts/events');
const schemas = new Map<string, Schema>(
  readdirSync(folder).map((file) => [
    file.replace(/\.json$/, ''),
    JSON.parse(readFileSync(join(folder, file), 'utf8')),
  ]),
);

/** The same schema for writers: no field that it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: Schema = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  if (out.type === 'object' && typeof out.properties === 'object') out.additionalProperties ??= false;
  return out;
}

async function allEvents(): Promise<any[]> {
  const all: any[] = [];
  for (let after = ''; ; ) {
    const { json } = await shop.get(`/v1/events?limit=500${after}`);
    if (json.data.length === 0) return all;
    all.push(...json.data);
    after = `&after=${json.next_cursor}`;
  }
}

test('what really happens is told as contracts/events says, field by field', { timeout: 180_000 }, async () => {
  const { port } = gone.address() as { port: number };
  const hook = await shop.post('/v1/webhooks', { url: `http://127.0.0.1:${port}/`, events: ['*'] });
  assert.equal(hook.status, 201, hook.text);
  await shop.makeTask('inquiries', topicLabels, { audit: { rate: 1 } });
  await shop.import('inquiries', topicRows(900));
  const run = await shop.train('inquiries', { trainer: 'linear' }, 120_000);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  const { json: decided } = await shop.post('/v1/predict/inquiries/batch', {
    items: topicRows(5, 9).map(({ input }, i) => ({ input, external_id: `e-${i}`, subject: 's' })),
  });
  const [first] = decided.decisions;
  assert.equal(
    (await shop.post(`/v1/decisions/${first.id}/labels`, { label: 'billing', source: 'appeal', note: 'n' })).status,
    201,
  );
  await eventually('an item is reviewed', async () => {
    const { json } = await shop.post('/v1/review/claims', { task: 'inquiries' });
    const [claim] = json.claims;
    if (claim === undefined) return null;
    const verdict = { claim_token: claim.claim_token, label: claim.labels[0], seconds: 2 };
    return (await shop.post(`/v1/review/items/${claim.item}/verdict`, verdict)).status === 200 ? true : null;
  });
  for (const body of [
    { task: 'inquiries', input: { text: 'where is my parcel' }, external_id: 'j-1' },
    { task: 'inquiries', items: [{ input: { text: 'one' } }, { input: { text: 'two' } }] },
  ]) {
    const job = await shop.post('/v1/jobs', body);
    assert.equal(job.status, 202, job.text);
    await eventually('the job ended', async () => {
      const { json } = await shop.get(`/v1/jobs/${job.json.id}`);
      return json.finished_at == null ? null : true;
    });
  }
  const expected = [
    ...['decision.made', 'decision.reviewed', 'label.recorded', 'model.promoted', 'certificate.issued'],
    ...['job.finished', 'webhook.disabled'],
  ];
  let events: any[] = [];
  const missing = () => expected.filter((type) => !events.some((event) => event.type === type));
  await eventually('everything is told', async () => {
    events = await allEvents();
    return missing().length === 0 ? true : null;
  }).catch((error: Error) => assert.fail(`${error.message}: ${missing().join(', ')}`));
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) && text.endsWith('Z') },
  });
  const validators = new Map(
    [...schemas].map(([type, { $id, ...schema }]) => [
      type,
      { open: ajv.compile(schema), strict: ajv.compile(closed(schema) as object) },
    ]),
  );
  for (const event of events) {
    const validate = validators.get(event.type);
    assert.ok(validate !== undefined, `no schema of ${event.type}`);
    assert.ok(validate.open(event), `${JSON.stringify(event)} ${JSON.stringify(validate.open.errors)}`);
    assert.ok(validate.strict(event), `${JSON.stringify(event)} ${JSON.stringify(validate.strict.errors)}`);
  }
  assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
  for (const [type, schema] of schemas) assert.equal(schema.$id, `urn:understudy:event:${type}:1`);
});
