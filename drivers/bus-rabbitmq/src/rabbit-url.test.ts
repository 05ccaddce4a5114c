import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRabbitUrl } from './rabbit-url.ts';

test('a URL names host, credentials and virtual host', () => {
  const { connect, maxBytes } = parseRabbitUrl('amqp://shop:s%40crt@broker.example:5673/my%2Fhost?heartbeat=20');
  assert.deepEqual(
    [connect.hostname, connect.port, connect.username, connect.password, connect.vhost, connect.heartbeat],
    ['broker.example', 5673, 'shop', 's@crt', 'my/host', 20],
  );
  assert.equal(maxBytes, 16 * 1024 * 1024);
});

test('what is left out has the usual values', () => {
  const plain = parseRabbitUrl('amqp://localhost').connect;
  assert.deepEqual([plain.port, plain.username, plain.password, plain.vhost], [5672, 'guest', 'guest', '/']);
  const secure = parseRabbitUrl('amqps://[::1]/').connect;
  assert.deepEqual([secure.protocol, secure.hostname, secure.port, secure.vhost], ['amqps', '::1', 5671, '/']);
});

test('a wrong URL is refused, and its password never shown', () => {
  for (const url of [
    'amqp://u:topsecret@host:99999',
    'http://u:topsecret@host',
    'amqp://u:topsecret@host?hartbeat=1',
    'amqp://u:topsecret@host?heartbeat=soon',
    'amqp://u:topsecret@host?ca=/etc/ca.pem',
    'amqps://u:topsecret@host?auth=plain',
    'amqps://u:topsecret@host?auth=external',
  ]) {
    assert.throws(
      () => parseRabbitUrl(url),
      (error: Error & { code: string }) => error.code === 'bus_refused' && !error.message.includes('topsecret'),
      url,
    );
  }
});
