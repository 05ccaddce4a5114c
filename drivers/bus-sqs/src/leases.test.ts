import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeleteMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Lease, Leases } from './leases.ts';

interface Entry {
  Id: string;
  ReceiptHandle: string;
}

/** Answers each request as the test says. */
function clientThat(answer: (kind: string, entries: Entry[]) => { Failed?: object[] }): SQSClient {
  const send = async (command: { constructor: { name: string }; input: { Entries: Entry[] } }) =>
    answer(command.constructor.name, command.input.Entries);
  return { send } as unknown as SQSClient;
}

const take = (leases: Leases, count: number): Lease[] =>
  Array.from({ length: count }, (_, index) => leases.add({ ReceiptHandle: `r${index}`, Body: 'x' }, performance.now()));

test('what could not be deleted is tried again, alone', async () => {
  const asked: string[][] = [];
  const client = clientThat((kind, entries) => {
    assert.equal(kind, DeleteMessageBatchCommand.name);
    asked.push(entries.map(({ ReceiptHandle }) => ReceiptHandle));
    const failing = entries.filter(({ ReceiptHandle }) => ['r3', 'r7'].includes(ReceiptHandle));
    if (asked.length > 2) return {};
    return { Failed: failing.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) };
  });
  const leases = new Leases(client, 'url', 30, () => {});
  await leases.remove(take(leases, 10));
  assert.deepEqual(asked.slice(1), [
    ['r3', 'r7'],
    ['r3', 'r7'],
  ]);
  assert.equal(leases.size, 0);
  leases.stop();
});

test('a receipt that is no longer valid is not tried again; neither is more than ten a request asked for', async () => {
  const sizes: number[] = [];
  const client = clientThat((_, entries) => {
    sizes.push(entries.length);
    return { Failed: [{ Id: '0', Code: 'ReceiptHandleIsInvalid', SenderFault: true }] };
  });
  const leases = new Leases(client, 'url', 30, () => {});
  await leases.remove(take(leases, 23));
  assert.deepEqual(sizes, [10, 10, 3]);
  leases.stop();
});

test('a lease that can no longer be prolonged is lost, once, and says so', async () => {
  const client = clientThat((_, entries) => ({
    Failed: entries
      .filter(({ ReceiptHandle }) => ReceiptHandle === 'r1')
      .map(({ Id }) => ({ Id, Code: 'InvalidParameterValue', SenderFault: true })),
  }));
  const lost = await new Promise<readonly Lease[]>((resolve) => {
    const leases = new Leases(client, 'url', 1, (gone) => {
      leases.stop();
      assert.equal(leases.size, 2);
      resolve(gone);
    });
    take(leases, 3);
  });
  assert.deepEqual(
    lost.map(({ message, lost: said }) => [message.ReceiptHandle, said]),
    [['r1', true]],
  );
});
