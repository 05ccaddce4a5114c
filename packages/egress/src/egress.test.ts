import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isUnderstudyError } from '@understudy/kernel';
import { AllowList } from './allow-list.ts';
import { Egress } from './egress.ts';
import {
  answer,
  type Behaviour,
  endless,
  HostileReceiver,
  resetMidBody,
  silent,
  slowBody,
  slowHead,
} from './testing/index.ts';

const local = { allow: AllowList.parse('127.0.0.0/8') };
const egress = new Egress(local);
after(() => egress.close());

async function against(behaviour: Behaviour, options: Partial<Parameters<Egress['request']>[0]> = {}) {
  const receiver = await HostileReceiver.start(behaviour);
  try {
    return {
      receiver,
      response: await egress.request({ url: receiver.url, method: 'POST', body: 'hello', ...options }),
    };
  } finally {
    await receiver.stop();
  }
}

const coded =
  (code: string, details: Record<string, unknown> = {}) =>
  (error: unknown) => {
    assert.ok(isUnderstudyError(error), String(error));
    assert.equal(error.code, code, error.message);
    for (const [name, value] of Object.entries(details)) assert.equal(error.details[name], value, error.message);
    assert.doesNotMatch(error.message, /127\.0\.0\.1/);
    return true;
  };

test('a request arrives as it was given, and its answer comes back', async () => {
  const { receiver, response } = await against(answer(201, { 'x-a': 'b' }, 'fine'), {
    headers: { 'content-type': 'text/plain' },
  });
  assert.deepEqual([response.status, response.headers['x-a'], response.cut], [201, 'b', false]);
  assert.equal(Buffer.from(response.body).toString(), 'fine');
  const [request] = receiver.requests;
  assert.match(request!, /^POST \/ HTTP\/1\.1\r\n/);
  assert.match(request!, /\r\naccept-encoding: identity\r\n/);
  assert.match(request!, /\r\n\r\nhello$/);
});

test('headers that would split the request or name another host are refused', async () => {
  for (const headers of [
    { host: 'other' },
    { 'Transfer-Encoding': 'chunked' },
    { 'content-length': '1' },
    { connection: 'upgrade' },
    { 'x-a': 'b\r\nhost: other' },
    { 'x-a\r\nhost': 'other' },
  ] as Record<string, string>[]) {
    await assert.rejects(against(answer(200), { headers }), JSON.stringify(headers));
  }
});

test('a receiver that hangs, drips a head or drips a body is given up in the time for the whole', async () => {
  for (const behaviour of [silent, slowHead, slowBody]) {
    await assert.rejects(against(behaviour, { limits: { totalMs: 150 } }), coded('egress_timeout', { phase: 'total' }));
  }
});

test('of ten gigabytes a little more than the limit is taken', async () => {
  const receiver = await HostileReceiver.start(endless());
  const request = { url: receiver.url, method: 'GET', limits: { responseBytes: 1000 } } as const;
  await assert.rejects(egress.request(request), coded('egress_response_too_large'));
  const { body, cut, status } = await egress.request({ ...request, overflow: 'cut' });
  assert.deepEqual([status, body.length, cut], [200, 1000, true]);
  await receiver.stop();
  assert.ok(receiver.sent < 20_000_000, `${receiver.sent} bytes were written to the sockets`);
});

test('what is packed is not unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  const behaviour: Behaviour = (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
    socket.write(bomb);
  };
  const { response } = await against(behaviour);
  assert.equal(Buffer.compare(Buffer.from(response.body), bomb), 0);
});

test('a reset, a refused connection, an unknown name and nonsense are told apart', async () => {
  await assert.rejects(against(resetMidBody), coded('egress_failed', { reason: 'reset' }));
  await assert.rejects(
    against((socket) => socket.end('SSH-2.0-x\r\n')),
    coded('egress_failed', { reason: 'protocol' }),
  );
  await assert.rejects(
    against((socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)),
    coded('egress_response_too_large'),
  );
  await assert.rejects(
    against((socket) => socket.write('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')),
    coded('egress_failed'),
  );
  const gone = await HostileReceiver.start();
  const { url } = gone;
  await gone.stop();
  await assert.rejects(egress.request({ url, method: 'GET' }), coded('egress_failed', { reason: 'refused' }));
  const unknown = new Egress({ resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })) });
  await assert.rejects(
    unknown.request({ url: 'http://nowhere.example.net/', method: 'GET' }),
    coded('egress_failed', { reason: 'name' }),
  );
  await unknown.close();
});

test('a name server that never answers is given up', async () => {
  const stuck = new Egress({ limits: { connectMs: 50 }, resolve: () => new Promise(() => {}) });
  await assert.rejects(
    stuck.request({ url: 'http://slow.example.net/', method: 'GET' }),
    coded('egress_timeout', { phase: 'connect' }),
  );
  await stuck.close();
});

test('TLS names the host of the URL, and goes no further with who is not it', async () => {
  const hellos: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      hellos.push(chunk);
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const named = new Egress({ ...local, resolve: async () => ['127.0.0.1'] });
  const url = `https://hooks.example.net:${port}/`;
  await assert.rejects(named.request({ url, method: 'GET' }), coded('egress_failed', { reason: 'tls' }));
  assert.equal(hellos[0]![0], 22, 'a TLS handshake');
  assert.ok(hellos[0]!.includes('hooks.example.net'));
  await named.close();
  server.close();
});

test('the time for the whole counts while connecting, too', async () => {
  const stuck = new Egress({ resolve: () => new Promise(() => {}) });
  const request = { url: 'http://slow.example.net/', method: 'GET', limits: { totalMs: 50 } } as const;
  await assert.rejects(stuck.request(request), coded('egress_timeout', { phase: 'total' }));
  await stuck.close();
});

test('the second address is tried where the first one does not answer', async () => {
  const receiver = await HostileReceiver.start(answer(200));
  const two = new Egress({ ...local, resolve: async () => ['127.0.0.2', '127.0.0.1'] });
  const url = `http://two.example.net:${receiver.port}/`;
  assert.equal((await two.request({ url, method: 'GET' })).status, 200);
  await two.close();
  await receiver.stop();
});

test('the caller may give up, before and while', async () => {
  const reason = new Error('enough');
  const { signal } = Object.assign(new AbortController(), {});
  assert.equal(signal.aborted, false);
  await assert.rejects(against(answer(200), { signal: AbortSignal.abort(reason) }), reason);
  const ending = new AbortController();
  await assert.rejects(
    against(() => ending.abort(reason), { signal: ending.signal }),
    reason,
  );
});
