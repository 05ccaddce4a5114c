import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { all } from '../../api/resources.ts';

export const sourcesQuery = () =>
  queryOptions({ queryKey: ['sources'], queryFn: ({ signal }) => all(client.sources.list({ limit: 200, signal })) });

/** With the version that an edit begins with. */
export const sourceQuery = (source: string) =>
  queryOptions({
    queryKey: ['sources', source],
    queryFn: ({ signal }) => client.sources.getWithEtag(source, { signal }),
  });
