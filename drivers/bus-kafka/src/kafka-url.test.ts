import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseKafkaUrl } from './kafka-url.ts';

test('a plain URL: brokers with ports, and the defaults', () => {
  assert.deepEqual(parseKafkaUrl('kafka://a.example:9094,b.example, [::1]:19092'), {
    brokers: ['a.example:9094', 'b.example:9092', '[::1]:19092'],
    tls: undefined,
    sasl: undefined,
    clientId: 'understudy',
    compression: 'none',
    maxBytes: 1_000_000,
    sessionMs: 10_000,
  });
});

test('credentials, certificates and options', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-url-'));
  try {
    const file = join(folder, 'ca.pem');
    writeFileSync(file, 'PEM');
    const query = `sasl=scram-sha-512&ca=${encodeURIComponent(file)}&client-id=me&compression=zstd&session-ms=6000`;
    const address = parseKafkaUrl(`kafka+ssl://ali%40ce:p%3Ass%2Fw@h:9093?${query}&max-message-bytes=5000000`);
    assert.deepEqual(address.sasl, { mechanism: 'SCRAM-SHA-512', username: 'ali@ce', password: 'p:ss/w' });
    assert.deepEqual(address.tls, { ca: Buffer.from('PEM') });
    assert.deepEqual(
      [address.clientId, address.compression, address.sessionMs, address.maxBytes],
      ['me', 'zstd', 6000, 5_000_000],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  assert.deepEqual(parseKafkaUrl('kafka+ssl://h').tls, {}, 'the public authorities');
});

const wrong: [url: string, word: RegExp][] = [
  ['amqp://h', /not a Kafka URL/],
  ['kafka://', /not a Kafka URL/],
  ['kafka://h:99999', /host:port/],
  ['kafka://h:9092,:1', /host:port/],
  ['kafka://h?groups=x', /unknown parameter "groups"/],
  ['kafka://u:secret-1@h', /sasl=/],
  ['kafka://u:secret-1@h?sasl=gssapi', /sasl=/],
  ['kafka://u@h?sasl=plain', /password/],
  ['kafka://u:%zz-secret-1@h?sasl=plain', /percent-encoded/],
  ['kafka://h?sasl=plain', /user:password@/],
  ['kafka://h?ca=/x', /kafka\+ssl/],
  ['kafka+ssl://h?cert=/x', /together/],
  ['kafka://h?compression=best', /compression/],
  ['kafka://h?session-ms=soon', /session-ms/],
  ['kafka://h?max-message-bytes=1', /max-message-bytes/],
];
for (const [url, word] of wrong) {
  test(`refused: ${url}`, () => {
    assert.throws(
      () => parseKafkaUrl(url),
      (error: Error) => {
        assert.ok(error instanceof TypeError);
        assert.match(error.message, word);
        assert.doesNotMatch(error.message, /secret-1/);
        return true;
      },
    );
  });
}
