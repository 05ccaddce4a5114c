import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isUnderstudyError } from '@understudy/kernel';
import { AllowList } from './allow-list.ts';
import { Egress } from './egress.ts';
import { answer, HostileReceiver, hostileNames, hostileUrls } from './testing/index.ts';

/** Hears every connection to this machine, in IPv4 and IPv6. */
let canary: HostileReceiver;
before(async () => {
  canary = await HostileReceiver.start(answer(200), '::');
});
after(() => canary.stop());

const refused = (url: string) => (error: unknown) => {
  assert.ok(isUnderstudyError(error), `${JSON.stringify(url)}: ${String(error)}`);
  assert.equal(error.code, 'egress_refused', `${JSON.stringify(url)}: ${error.message}`);
  assert.equal(typeof error.details.rule, 'string', url);
  return true;
};

test('row 32: no hostile URL reaches anything', async () => {
  const urls = hostileUrls(canary.port);
  assert.ok(urls.length >= 150, `${urls.length}`);
  assert.equal(new Set(urls).size, urls.length);
  const asked: string[] = [];
  const egress = new Egress({
    resolve: async (host) => {
      asked.push(host);
      return ['127.0.0.1'];
    },
  });
  for (const url of urls) {
    await assert.rejects(egress.request({ url, method: 'POST', body: '{}' }), refused(url));
    assert.throws(() => egress.check(url), refused(url));
  }
  assert.equal(canary.connections, 0);
  assert.deepEqual(asked, [], 'none of them is even resolved');
  await egress.close();
});

test('row 32: no name leads to a forbidden address, and the address is not told', async () => {
  const egress = new Egress({ resolve: async (host) => [...hostileNames[host]!] });
  for (const [name, addresses] of Object.entries(hostileNames)) {
    const url = `http://${name}:${canary.port}/`;
    egress.check(url);
    await assert.rejects(egress.request({ url, method: 'GET' }), (error: Error) => {
      refused(url)(error);
      for (const address of addresses.filter((one) => one.length > 2))
        assert.ok(!error.message.includes(address), name);
      return true;
    });
  }
  assert.equal(canary.connections, 0);
  await egress.close();
});

test('row 32: a name that changes its answer is asked once a connection, and the checked address is the one called', async () => {
  const other = await HostileReceiver.start(answer(204));
  let asked = 0;
  // The first answer is allowed, every later one is the canary.
  const egress = new Egress({
    allow: AllowList.parse(`127.0.0.1:${other.port}`),
    resolve: async () => [asked++ === 0 ? '127.0.0.1' : '::1'],
  });
  const url = `http://rebind.example.net:${other.port}/`;
  assert.equal((await egress.request({ url, method: 'GET' })).status, 204);
  assert.equal(asked, 1);
  assert.match(other.requests[0]!, new RegExp(`\r\nhost: rebind.example.net:${other.port}\r\n`, 'i'));
  await other.stop();
  await assert.rejects(egress.request({ url, method: 'GET' }), refused(url));
  assert.equal(canary.connections, 0);
  await egress.close();
});

test('row 32: redirects are answers, whatever they lead to', async () => {
  const egress = new Egress({ allow: AllowList.parse('127.0.0.0/8') });
  for (const status of [301, 302, 303, 307, 308]) {
    for (const location of [
      `http://[::1]:${canary.port}/`,
      `//[::1]:${canary.port}/`,
      'file:///etc/passwd',
      '/again',
    ]) {
      const receiver = await HostileReceiver.start(answer(status, { location }));
      const response = await egress.request({ url: receiver.url, method: 'POST', body: 'x' });
      assert.equal(response.status, status);
      assert.equal(receiver.requests.length, 1);
      await receiver.stop();
    }
  }
  assert.equal(canary.connections, 0);
  await egress.close();
});

test('the operator’s list opens what it names and nothing beside it', async () => {
  const { port } = canary;
  const cases: [string, string, boolean][] = [
    ['127.0.0.0/8', `http://127.0.0.1:${port}/`, true],
    ['127.0.0.1', `http://127.0.0.1:${port}/`, true],
    [`127.0.0.1:${port}`, `http://127.0.0.1:${port}/`, true],
    [`127.0.0.1:${port}`, `http://127.0.0.1:${port === 8080 ? 8081 : 8080}/`, false],
    ['127.0.0.0/8', `http://[::ffff:127.0.0.1]:${port}/`, false],
    ['127.0.0.0/8', `http://[::1]:${port}/`, false],
    ['127.0.0.0/8', `http://2130706433:${port}/`, false],
    ['127.0.0.0/8', `http://user@127.0.0.1:${port}/`, false],
    ['127.0.0.0/8', `http://10.0.0.1:${port}/`, false],
    ['127.0.0.0/8', 'file:///etc/passwd', false],
    ['::1', `http://[::1]:${port}/`, true],
    [`[::1]:${port}`, `http://[::1]:${port}/`, true],
    [`hooks.internal:${port}`, `http://hooks.internal:${port}/`, true],
    ['hooks.internal', `http://hooks.internal:${port}/`, true],
    ['hooks.internal:1', `http://hooks.internal:${port}/`, false],
    ['hooks.internal', `http://a.hooks.internal:${port}/`, false],
    ['10.0.0.0/8', `http://127.0.0.1:${port}/`, false],
  ];
  for (const [list, url, open] of cases) {
    const egress = new Egress({ allow: AllowList.parse(list), resolve: async () => ['127.0.0.1'] });
    if (open) assert.equal((await egress.request({ url, method: 'GET' })).status, 200, `${list} ${url}`);
    else await assert.rejects(egress.request({ url, method: 'GET' }), refused(`${list} ${url}`));
    await egress.close();
  }
});

test('a listed name is resolved as the system does it', async () => {
  const egress = new Egress({ allow: AllowList.parse('localhost') });
  assert.equal((await egress.request({ url: `http://localhost:${canary.port}/`, method: 'GET' })).status, 200);
  await egress.close();
});

test('a list that cannot be read is refused', () => {
  for (const list of [
    '10.0.0.0/33',
    '10.0.0',
    'http://a/',
    'a:b',
    'a:70000',
    'a:0',
    '*',
    'a b',
    '127.1',
    '[::1',
    '0x7f.1:80',
  ])
    assert.throws(() => AllowList.parse(list), RangeError, list);
  AllowList.parse(' 10.0.0.0/8 , hooks.internal:8443,,[fd12::1]:80 ');
});
