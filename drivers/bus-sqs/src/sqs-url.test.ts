import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSqsUrl } from './sqs-url.ts';

test('region, endpoint and credentials come from the URL', async () => {
  const { client, fifo, visibilitySeconds } = parseSqsUrl(
    'sqs://AKIA:s%2Fcrt@eu-central-1?endpoint=http%3A%2F%2F127.0.0.1%3A9324&queues=fifo&visibility=60',
  );
  assert.deepEqual(
    [client.region, client.endpoint, fifo, visibilitySeconds],
    ['eu-central-1', 'http://127.0.0.1:9324', true, 60],
  );
  assert.deepEqual(client.credentials, { accessKeyId: 'AKIA', secretAccessKey: 's/crt' });
});

test('what is left out is found by the SDK', () => {
  const { client, fifo, maxBytes, waitSeconds } = parseSqsUrl('sqs://');
  assert.deepEqual([client.region, client.endpoint, client.credentials], [undefined, undefined, undefined]);
  assert.deepEqual([fifo, maxBytes, waitSeconds], [false, 262_144, 5]);
  assert.equal(parseSqsUrl('sqs://?region=us-east-1').client.region, 'us-east-1');
});

test('a wrong URL is refused, and its secret never shown', () => {
  for (const url of [
    'https://sqs.eu-central-1.amazonaws.com',
    'sqs://key:topsecret@eu-central-1?regio=x',
    'sqs://key:topsecret@127.0.0.1:9324',
    'sqs://key:topsecret@eu-central-1/queue',
    'sqs://key:topsecret@eu-central-1?endpoint=127.0.0.1',
    'sqs://key:topsecret@eu-central-1?wait=21',
    'sqs://key:topsecret@eu-central-1?visibility=soon',
    'sqs://key:topsecret@eu-central-1?queues=all',
    'sqs://key@eu-central-1',
  ]) {
    assert.throws(
      () => parseSqsUrl(url),
      (error: Error & { code: string }) => error.code === 'bus_refused' && !error.message.includes('topsecret'),
      url,
    );
  }
});
