import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { verifyWebhook } from '@understudy/client';
import { Webhook } from 'standardwebhooks';
import { eventually, makeWorkspace, ServerProcess, scratchFolder, type Workspace } from './index.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

const scratch = scratchFolder();
let server: ServerProcess;
let shop: Workspace;
let receiver: WebhookReceiver;

before(async () => {
  receiver = await WebhookReceiver.start();
  server = await ServerProcess.start({
    dataDir: join(scratch, 'data'),
    settings: { UNDERSTUDY_EGRESS_ALLOW: new URL(receiver.url).host },
  });
  shop = await makeWorkspace(server, server.operatorKey!, 'Shop');
  await shop.makeTask('inquiries', ['billing', 'shipping']);
});
after(async () => {
  await server?.stop();
  await receiver?.stop();
});

/** A few of those that the client for calls out is tested with. */
const hostileUrls = (port: number) => [
  ...['127.0.0.1', '127.1', '0x7f.1', '0177.0.0.1', '2130706433', '0', '[::1]', '[::]', '[::ffff:127.0.0.1]'].map(
    (host) => `http://${host}:${port}/`,
  ),
  ...['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', '127.0.0.1.', '１２７.0.0.1', '127。0。0。1'].map(
    (host) => `http://${host}:${port}/`,
  ),
  ...['10.0.0.1', '192.168.0.1', '169.254.169.254', '[fd00:ec2::254]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]'].map(
    (host) => `https://${host}/`,
  ),
  `http://user@127.0.0.1:${port}/`,
  `http://hooks.example.com@127.0.0.1:${port}/`,
  `http://hooks.example.com\\@127.0.0.1:${port}/`,
  'file:///etc/passwd',
  'gopher://127.0.0.1/',
  'http://metadata.google.internal/',
  'http://hooks.example.com:22/',
];

const predict = async () => {
  const reply = await shop.post('/v1/predict/inquiries', { input: { text: 'where is it?' }, subject: 'person-1' });
  assert.equal(reply.status, 200, reply.text);
  return reply.json.id as string;
};

async function make(more: object = {}): Promise<any> {
  const reply = await shop.post('/v1/webhooks', { url: `${receiver.url}/hook`, events: ['decision.made'], ...more });
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

describe('webhooks', () => {
  test('a decision arrives, verified by the public package and by our client; the log shows it', async () => {
    const { id, secret } = await make({ description: 'The shop' });
    const decision = await predict();
    const [one] = await eventually('it arrives', () => {
      const found = receiver.of('decision.made').filter(({ body }) => body.includes(decision));
      return found.length > 0 ? found : null;
    });
    const headers = one!.headers as Record<string, string>;
    const event = new Webhook(secret).verify(one!.body, headers) as any;
    assert.deepEqual(await verifyWebhook(secret, { body: one!.body, headers }), event);
    assert.deepEqual([event.subject, event.data.task, event.id], [decision, 'inquiries', headers['webhook-id']]);
    const log = await shop.get('/v1/events?limit=1000');
    assert.deepEqual(
      log.json.data.find(({ id }: any) => id === event.id),
      event,
      'the same event as in the log',
    );
    const delivery = await eventually('the log says so', async () => {
      const { json } = await shop.get(`/v1/webhooks/${id}/deliveries?status=delivered&subject=${decision}`);
      return json.data[0];
    });
    const detail = (await shop.get(`/v1/webhooks/${id}/deliveries/${delivery.id}`)).json;
    assert.equal(detail.body, one!.body);
    assert.deepEqual([detail.log.length, detail.log[0].response_status], [1, 204]);
    const again = await shop.post(`/v1/webhooks/${id}/deliveries/${delivery.id}/redeliver`);
    assert.equal(again.status, 202, again.text);
    await eventually('it arrives again', () => receiver.received.filter(({ body }) => body === one!.body).length === 2);
    assert.equal((await shop.delete(`/v1/webhooks/${id}`)).status, 204);
    assert.equal((await shop.get(`/v1/webhooks/${id}`)).status, 404);
  });

  test('test event, rotation with two signatures, change by ETag, and no secret in any answer but its own', async () => {
    const { id, secret } = await make({ events: ['job.finished'] });
    const rotated = await shop.post(`/v1/webhooks/${id}/rotate-secret`);
    assert.notEqual(rotated.json.secret, secret);
    const sent = await shop.post(`/v1/webhooks/${id}/test`);
    assert.equal(sent.status, 202, sent.text);
    const [one] = await eventually('the test arrives', () => {
      const found = receiver.of('understudy.test');
      return found.length > 0 ? found : null;
    });
    for (const key of [secret, rotated.json.secret]) new Webhook(key).verify(one!.body, one!.headers as any);
    const read = await shop.get(`/v1/webhooks/${id}`);
    assert.doesNotMatch(read.text, /whsec/);
    assert.doesNotMatch((await shop.get('/v1/webhooks')).text, /whsec/);
    const etag = read.headers.etag as string;
    const patch = (body: object) => shop.call('PATCH', `/v1/webhooks/${id}`, body, { headers: { 'If-Match': etag } });
    assert.equal((await patch({ task: 'inquiries' })).json.task, 'inquiries');
    assert.equal((await patch({ task: null })).json.code, 'stale_version');
    assert.equal((await shop.post(`/v1/webhooks/${id}/disable`)).json.status, 'disabled');
    assert.equal((await shop.post(`/v1/webhooks/${id}/test`)).json.code, 'webhook_disabled');
    await shop.delete(`/v1/webhooks/${id}`);
  });

  test('a job’s callback arrives with its result, under the workspace’s secret; a hostile one is refused', async () => {
    const { secret } = (await shop.post('/v1/webhooks/callback-secret/rotate')).json;
    const ask = (callback_url: string) =>
      shop.post('/v1/jobs', { task: 'inquiries', input: { text: 'where is it?' }, callback_url });
    const accepted = await ask(`${receiver.url}/callback`);
    assert.equal(accepted.status, 202, accepted.text);
    const [one] = await eventually('the callback arrives', () => {
      const found = receiver.received.filter(({ path }) => path === '/callback');
      return found.length > 0 ? found : null;
    });
    const event = new Webhook(secret).verify(one!.body, one!.headers as any) as any;
    assert.deepEqual([event.type, event.subject], ['job.finished', accepted.json.id]);
    const delivery = await eventually('the log says so', async () => {
      const { json } = await shop.get(`/v1/webhooks/callbacks/deliveries?status=delivered&subject=${accepted.json.id}`);
      return json.data[0];
    });
    assert.deepEqual([delivery.webhook, delivery.url], [null, `${receiver.url}/callback`]);
    const again = await shop.post(`/v1/webhooks/callbacks/deliveries/${delivery.id}/redeliver`);
    assert.equal(again.json.code, 'webhook_delivery_emptied');
    for (const url of ['http://10.0.0.1/', 'http://[::ffff:127.0.0.1]/', 'http://a@hooks.example.com/']) {
      const reply = await ask(url);
      assert.deepEqual([reply.status, reply.json.code], [422, 'callback_url_refused'], url);
    }
  });

  test('410 disables, with an alert and an event; enabling resolves it', async () => {
    const { id } = await make();
    receiver.status = 410;
    await predict();
    await eventually(
      'it is disabled',
      async () => (await shop.get(`/v1/webhooks/${id}`)).json.disabled?.reason === 'gone',
    );
    receiver.status = 204;
    const open = async () => {
      const { json } = await shop.get('/v1/alerts?open=true');
      return json.data.filter(({ kind }: any) => kind === 'webhook_disabled');
    };
    const [alert] = await open();
    assert.deepEqual([alert.evidence.webhook, alert.task], [id, null]);
    const log = await eventually('the event is in the log', async () => {
      const { json } = await shop.get('/v1/events?limit=1000');
      return json.data.filter(({ type }: any) => type === 'webhook.disabled')[0];
    });
    assert.deepEqual([log.subject, log.data.reason], [id, 'gone']);
    assert.equal((await shop.post(`/v1/webhooks/${id}/enable`)).json.status, 'enabled');
    assert.deepEqual(await open(), []);
    await shop.delete(`/v1/webhooks/${id}`);
  });

  test('row 32: hostile URLs are refused through the API, and a redirect inside is not followed', async () => {
    const other = await makeWorkspace(server, server.operatorKey!, 'Other');
    // The server itself is the canary: it must not be made to call its own port.
    const urls = hostileUrls(Number(new URL(server.url).port));
    const replies = await Promise.all(urls.map((url) => other.post('/v1/webhooks', { url, events: ['*'] })));
    for (const [index, { json, text }] of replies.entries()) {
      const codes = ['webhook_url_refused', 'invalid_text', 'invalid_body'];
      assert.ok(codes.includes(json.code), `${urls[index]} ${text}`);
    }
    assert.deepEqual((await other.get('/v1/webhooks')).json.data, []);
    const { id } = await make();
    receiver.status = 302;
    receiver.headers = { location: `http://127.0.0.1:${new URL(server.url).port}/healthz/live` };
    const decision = await predict();
    const delivery = await eventually('it was attempted', async () => {
      const { json } = await shop.get(`/v1/webhooks/${id}/deliveries?subject=${decision}`);
      return json.data[0]?.attempts > 0 ? json.data[0] : null;
    });
    assert.deepEqual([delivery.status, delivery.response_status, delivery.problem], ['waiting', 302, 'http_status']);
    receiver.status = 204;
    receiver.headers = {};
    await shop.delete(`/v1/webhooks/${id}`);
  });

  test('bad requests say what is wrong', async () => {
    for (const [body, code] of [
      [{ url: 'https://a.example.com/', events: [] }, 'invalid_body'],
      [{ url: 'https://a.example.com/', events: ['nonsense'] }, 'invalid_body'],
      [{ url: 'https://a.example.com/', events: ['*'], secret: 'whsec_mine' }, 'unknown_field'],
      [{ events: ['*'] }, 'invalid_body'],
      [{ url: 'https://user@a.example.com/', events: ['*'] }, 'webhook_url_refused'],
    ] as const) {
      const reply = await shop.post('/v1/webhooks', body);
      assert.equal(reply.json.code, code, reply.text);
      assert.ok(reply.json.errors.length > 0, reply.text);
    }
    assert.equal((await shop.get('/v1/webhooks/whk_nonsense')).json.code, 'webhook_not_found');
    assert.equal((await shop.get('/v1/webhooks?cursor=nonsense')).json.code, 'invalid_cursor');
  });
});
