import { queryOptions } from '@tanstack/react-query';
import type { Member } from '@understudy/client';
import { client } from '../../api/client.ts';

export const membersQuery = () =>
  queryOptions({
    queryKey: ['members'],
    queryFn: async ({ signal }) => {
      const members: Member[] = [];
      for await (const member of client.members.list({ limit: 200, signal })) members.push(member);
      return members;
    },
  });
