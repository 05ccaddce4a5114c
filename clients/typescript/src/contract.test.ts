import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type OpenApi, render } from '../scripts/generate.ts';
import { UnderstudyClient } from './index.ts';

const contract = JSON.parse(
  readFileSync(new URL('../../../contracts/openapi.json', import.meta.url), 'utf8'),
) as OpenApi & { paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>> };

test('the generated types are those of the contract', () => {
  const generated = readFileSync(new URL('./generated/api.ts', import.meta.url), 'utf8');
  assert.equal(generated, render(contract), 'run `npm run generate` in clients/typescript');
});

const templates = Object.entries(contract.paths).map(([path, methods]) => ({
  path,
  methods,
  pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
  literal: path.replaceAll(/\{[^}]+\}/g, '').length,
}));

test('every call goes to an operation of the contract with parameters that it has, and none is left out', async () => {
  const used = new Set<string>();
  const client = new UnderstudyClient({
    baseUrl: 'http://contract',
    maxRetries: 0,
    fetch: async (input, init) => {
      const url = new URL(String(input));
      const path = decodeURIComponent(url.pathname);
      // A literal segment wins over a parameter, as in every router.
      const [match] = templates.filter(({ pattern }) => pattern.test(path)).sort((a, b) => b.literal - a.literal);
      const operation = match?.methods[String(init?.method).toLowerCase()];
      assert.ok(match !== undefined && operation !== undefined, `${init?.method} ${path} is not in the contract`);
      const known = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'query')
        .map(({ name }) => name);
      for (const name of url.searchParams.keys())
        assert.ok(known.includes(name), `${match.path} has no parameter ${name}`);
      used.add(`${init?.method} ${match.path}`);
      return new Response(
        '{"data":[],"next_cursor":null,"decisions":[{}],"report":{"ok":true},"status":"succeeded"}\n',
      );
    },
  });
  const page = { limit: 1, cursor: 'c' };
  const filter = {
    task: 't',
    outcome: 'review',
    label: 'l',
    model_version: '1',
    subject: 's',
    external_id: 'e',
    from: 'f',
    to: 't',
  } as const;
  await client.me();
  await client.health.live();
  await client.health.ready();
  await client.health.version();
  await client.health.metrics();
  await client.health.openapi();
  await client.tasks.put('t', { kind: 'text_classification', labels: [{ name: 'a' }] });
  await client.tasks.get('t');
  await client.tasks.list(page);
  await client.tasks.delete('t');
  await client.examples.import('t', '{}', { onInvalid: 'skip', newLabels: 'add' });
  await client.examples.list('t', { label: 'l', conflicts: 'only', q: 'words' }, page);
  await client.examples.stats('t');
  await client.examples.delete('t', 'ex_1');
  await client.datasets.create('t');
  await client.datasets.list('t', page);
  await client.datasets.get('t', 'sha256:00');
  await client.datasets.data('t', 'sha256:00', { format: 'csv' });
  await client.datasets.diff('t', 'sha256:00', 'sha256:11', { change: 'added', ...page });
  await client.datasets.diffData('t', 'sha256:00', 'sha256:11');
  await client.trainingRuns.start('t');
  await client.trainingRuns.list('t', page);
  await client.trainingRuns.get('run_1');
  await client.trainingRuns.cancel('run_1');
  await client.trainingRuns.events('run_1', { lastEventId: '1' }).next();
  await client.jobs.create({ task: 't', input: { text: 'x' } });
  await client.jobs.list({ status: 'queued', task: 't' }, page);
  await client.jobs.queues();
  await client.jobs.get('job_1', page);
  await client.jobs.decisions('job_1', page);
  await client.jobs.cancel('job_1');
  await client.jobs.events('job_1', { lastEventId: '1' }).next();
  await client.deadLetters.list({ kind: 'failed', state: 'waiting', task: 't', origin: 'job' }, page);
  await client.deadLetters.get('dlt_1');
  await client.deadLetters.replay({ ids: ['dlt_1'] });
  await client.deadLetters.discard('dlt_1', { reason: 'r' });
  const source = { bus: 'postgres', topic: 'comments', task: 't', mapping: { input: { text: '$.text' } } };
  await client.sources.put('s', source);
  await client.sources.get('s');
  await client.sources.list(page);
  await client.sources.pause('s');
  await client.sources.resume('s');
  await client.sources.delete('s');
  const route = { task: 't', request: { text: '$.text' }, response: '{{$.label}}', review: { response: null } };
  await client.predictRoutes.put('p', route);
  await client.predictRoutes.get('p');
  await client.predictRoutes.list(page);
  await client.predictRoutes.delete('p');
  await client.openAiSettings.get();
  await client.openAiSettings.put({ default_moderation_task: null, moderation: [] });
  await client.trails.get('msg_1');
  await client.events.send([{ id: 'e', source: '/s', type: 't' }], { source: 's' });
  await client.models.list(page);
  await client.models.get('m');
  await client.models.versions('m', page);
  await client.models.version('m', '1');
  await client.models.aliases.history('m');
  await client.models.aliases.set('m', 'champion', '1');
  await client.models.aliases.remove('m', 'champion');
  await client.predict('t', { input: { text: 'x' } });
  await client.predictBatch('t', [{ input: { text: 'x' } }]);
  await client.decisions.list(filter, page);
  await client.decisions.get('dec_1');
  await client.decisions.label('dec_1', { label: 'l', source: 'application' });
  await client.decisions.labelSources();
  await client.certification.get('t');
  await client.certification.renew('t');
  await client.certification.preview('t', { maxError: 0.05, confidence: 0.95 });
  await client.retraining.get('t');
  await client.review.queues({ task: 't' });
  await client.review.claim({ task: 't' });
  await client.review.claims();
  const held = { claim_token: 'c' };
  await client.review.verdict('itm_1', { ...held, label: 'l' });
  await client.review.skip('itm_1', held);
  await client.review.release('itm_1', held);
  await client.review.escalate('itm_1', held);
  await client.review.undo('itm_1', held);
  await client.review.items({ task: 't', status: 'waiting', kind: 'audit' }, page);
  await client.review.item('itm_1');
  await client.review.explanation('itm_1');
  await client.review.reviewers({ task: 't' });
  await client.review.agreement('t');
  await client.review.gold({ task: 't' }, page);
  await client.review.addGold({ decision: 'dec_1', label: 'l' });
  await client.review.removeGold('gld_1');
  const window = { from: 'f', to: 't' };
  await client.quality.task('t', { ...window, by: 'label', interval: 'fixed', confidence: 0.9 });
  await client.quality.overview({ ...window, bucket: 'day', interval: 'fixed' });
  await client.alerts.list({ ...page, task: 't', open: true });
  await client.alerts.get('alt_1');
  await client.alerts.acknowledge('alt_1', 'seen');
  await client.events.list({ after: 'evt_0_0', limit: 1 });
  await client.webhooks.list(page);
  await client.webhooks.get('whk_1');
  await client.webhooks.create({ url: 'https://a.example', events: ['*'] });
  await client.webhooks.change('whk_1', { task: null }, { ifMatch: '"1"' });
  await client.webhooks.remove('whk_1');
  await client.webhooks.rotateSecret('whk_1');
  await client.webhooks.enable('whk_1');
  await client.webhooks.disable('whk_1');
  await client.webhooks.test('whk_1');
  await client.webhooks.rotateCallbackSecret();
  const deliveries = { status: 'failed', type: 'job.finished', event: 'evt_1_0', subject: 'job_1' } as const;
  for (const webhook of ['whk_1', null]) {
    await client.webhooks.deliveries(webhook, deliveries, page);
    await client.webhooks.delivery(webhook, 'dlv_1');
    await client.webhooks.redeliver(webhook, 'dlv_1');
  }
  await client.value.report({ ...window, task: 't', bucket: 'day' });
  await client.value.csv({ ...window, task: 't', bucket: 'day' });
  await client.value.page({ ...window, task: 't', bucket: 'day' });
  await client.value.export({ ...window, task: 't', bucket: 'day' });
  await client.replays.start('t', { what: { max_error: 0.02 } });
  await client.replays.list('t', page);
  await client.replays.get('rpl_1');
  await client.replays.cancel('rpl_1');
  await client.ledger.head();
  await client.ledger.proof('dec_1');
  await client.ledger.consistency(1, 2);
  await client.ledger.export();
  await client.ledger.verify({ trusted: { size: 1, head: 'a' } });
  await client.members.list(page);
  await client.members.get('mem_1');
  await client.members.add({ name: 'm', role: 'reviewer' });
  await client.members.change('mem_1', { active: false }, { ifMatch: '"1"' });
  await client.members.remove('mem_1');
  await client.members.signInCode('mem_1');
  await client.session.create({ code: 'c' });
  await client.session.get();
  await client.session.workspaces();
  await client.session.switch('ws_1');
  await client.session.signInCode();
  await client.session.end();
  await client.keys.list(page);
  await client.keys.create({ name: 'k', scopes: ['tasks:read'] });
  await client.keys.revoke('key_1');
  await client.workspaces.list(page);
  await client.workspaces.create({ name: 'w' });
  await client.workspaces.quota('ws_1');
  await (await client.backups.download()).cancel();
  await client.workspaces.setQuota('ws_1', { requests_per_minute: 100 });
  await client.auditLog.list({ action: 'a', resource: 'r', from: 'f', to: 't' }, page);
  const all = templates.flatMap(({ path, methods }) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual(
    all.filter((operation) => !used.has(operation)),
    [],
  );
});
