import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { all, firstPage, nextPage, pageOptions } from '../../api/resources.ts';
import type { DeliveryState } from './webhook-search.ts';

export const webhooksQuery = () =>
  queryOptions({ queryKey: ['webhooks'], queryFn: ({ signal }) => all(client.webhooks.list({ limit: 200, signal })) });

export const webhookQuery = (id: string) =>
  queryOptions({ queryKey: ['webhooks', id], queryFn: ({ signal }) => client.webhooks.get(id, { signal }) });

/** Null: of the callbacks of jobs. */
export const deliveriesQuery = (webhook: string | null, filter: { status?: DeliveryState }) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', webhook, 'deliveries', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      firstPage(client.webhooks.deliveries(webhook, filter, pageOptions(pageParam, signal))),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
  });

export const deliveryQuery = (webhook: string | null, delivery: string) =>
  queryOptions({
    queryKey: ['webhooks', webhook, 'deliveries', delivery],
    queryFn: ({ signal }) => client.webhooks.delivery(webhook, delivery, { signal }),
  });
