import type { GroupPartitionsAssigner } from '@platformatic/kafka';

/**
 * Shares the partitions of every topic of the group out, each to the subscriber of its topic that has the fewest. (The
 * client's own assigners only know the topics of the member that shares out; members of ours may have different ones.)
 */
export const sharePartitions: GroupPartitionsAssigner = (_leader, members, _topics, metadata) => {
  const shares = new Map([...members.keys()].sort().map((memberId) => [memberId, new Map<string, number[]>()]));
  const load = new Map([...shares.keys()].map((memberId) => [memberId, 0]));
  for (const topic of [...metadata.topics.keys()].sort()) {
    const subscribers = [...shares.keys()].filter((memberId) => members.get(memberId)?.topics?.includes(topic));
    if (subscribers.length === 0) continue;
    for (let partition = 0; partition < (metadata.topics.get(topic)?.partitionsCount ?? 0); partition++) {
      const next = subscribers.reduce((least, one) => (load.get(one)! < load.get(least)! ? one : least));
      load.set(next, load.get(next)! + 1);
      const share = shares.get(next)!;
      share.set(topic, [...(share.get(topic) ?? []), partition]);
    }
  }
  return [...shares].map(([memberId, share]) => ({
    memberId,
    assignments: new Map([...share].map(([topic, partitions]) => [topic, { topic, partitions }])),
  }));
};
