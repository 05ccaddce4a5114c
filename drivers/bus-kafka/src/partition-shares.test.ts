import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterMetadata, ExtendedGroupProtocolSubscription } from '@platformatic/kafka';
import { sharePartitions } from './partition-shares.ts';

function share(members: Record<string, string[]>, topics: Record<string, number>): Record<string, string[]> {
  const subscriptions = new Map<string, ExtendedGroupProtocolSubscription>(
    Object.entries(members).map(([memberId, wanted]) => [memberId, { memberId, version: 1, topics: wanted }]),
  );
  const metadata = {
    topics: new Map(Object.entries(topics).map(([name, partitionsCount]) => [name, { partitionsCount }])),
  } as unknown as ClusterMetadata;
  const leader = Object.keys(members)[0]!;
  const shares = sharePartitions(leader, subscriptions, new Set(members[leader]), metadata);
  return Object.fromEntries(
    shares.map(({ memberId, assignments }) => [
      memberId,
      [...assignments.values()].flatMap(({ topic, partitions }) => partitions.map((index) => `${topic}/${index}`)),
    ]),
  );
}

test('every partition goes to one subscriber of its topic, evenly', () => {
  assert.deepEqual(share({ b: ['t'], a: ['t'] }, { t: 5 }), { a: ['t/0', 't/2', 't/4'], b: ['t/1', 't/3'] });
});

test('members of one group may have different topics', () => {
  assert.deepEqual(share({ a: ['x'], b: ['y'], c: ['x', 'y'] }, { x: 2, y: 2 }), {
    a: ['x/0'],
    b: ['y/0', 'y/1'],
    c: ['x/1'],
  });
});

test('members without a partition are told so', () => {
  assert.deepEqual(share({ a: ['t'], b: ['t'] }, { t: 1 }), { a: ['t/0'], b: [] });
});
