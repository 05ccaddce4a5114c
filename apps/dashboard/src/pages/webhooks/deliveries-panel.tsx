import { Select, Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { WebhookDelivery } from '@understudy/client';
import { refresh } from '../../api/query-client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Endless, whileShort } from '../../components/endless.tsx';
import { TextLink } from '../../components/links.tsx';
import rowClasses from '../../components/list-row.module.css';
import { Panel } from '../../components/panel.tsx';
import { Empty, LoadingRows } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { plural } from '../../formatting/numbers.ts';
import { IconWebhook } from '../../theme/icons.ts';
import { DeliveryDialog } from './delivery-dialog.tsx';
import { deliveriesQuery } from './webhook-queries.ts';
import { type DeliveryState, deliveryStates, type WebhookSearch } from './webhook-search.ts';
import { DeliveryStatus, deliveryStateName } from './webhook-words.tsx';
import classes from './webhooks.module.css';

export interface DeliveriesPanelProps {
  /** Null: of the callbacks of jobs. */
  webhook: string | null;
  search: WebhookSearch;
  onChange(part: { [K in keyof WebhookSearch]: WebhookSearch[K] | undefined }): void;
}

/** What was sent, what came back, and what is still on its way. */
export function DeliveriesPanel({ webhook, search, onChange }: DeliveriesPanelProps) {
  const { status } = search;
  const query = useInfiniteQuery({
    ...deliveriesQuery(webhook, status === undefined ? {} : { status }),
    refetchInterval: whileShort(refresh.live),
  });
  return (
    <Panel
      title="Deliveries"
      flush
      actions={
        <Select
          size="xs"
          aria-label="State of the deliveries"
          placeholder="Any state"
          clearable
          data={deliveryStates.map((value) => ({ value, label: deliveryStateName(value) }))}
          value={status ?? null}
          onChange={(value) => onChange({ status: (value as DeliveryState | null) ?? undefined })}
          w={140}
        />
      }
    >
      <Endless
        query={query}
        loading={<LoadingRows rows={6} />}
        isEmpty={(pages) => pages.every(({ data }) => data.length === 0)}
        empty={
          status === undefined ? (
            <Empty title="Nothing was sent yet" icon={<IconWebhook size={22} />}>
              {webhook === null
                ? 'A job that names a callback_url is told of here when it has ended.'
                : 'Send a test event to see whether your application takes it.'}
            </Empty>
          ) : (
            <Empty title="No delivery is in this state" icon={<IconWebhook size={22} />} />
          )
        }
      >
        {(pages) => <Rows search={search} webhook={webhook} rows={pages.flatMap(({ data }) => data)} />}
      </Endless>
      <DeliveryDialog
        webhook={webhook}
        delivery={search.delivery ?? null}
        onClose={() => onChange({ delivery: undefined })}
      />
    </Panel>
  );
}

function Rows({
  search,
  webhook,
  rows,
}: {
  search: WebhookSearch;
  webhook: string | null;
  rows: readonly WebhookDelivery[];
}) {
  return (
    <DataTable
      caption="Deliveries"
      minWidth={500}
      columns={[
        { head: 'Event' },
        { head: 'State', width: 130 },
        { head: 'Answer', align: 'right', width: 80 },
        { head: 'Happened', width: 110 },
      ]}
    >
      {rows.map((delivery) => (
        <Table.Tr key={delivery.id} className={rowClasses.row}>
          <Table.Td>
            {webhook === null ? (
              <TextLink
                to="/webhooks"
                search={{ ...search, tab: 'callbacks', delivery: delivery.id }}
                className={rowClasses.link ?? ''}
                resetScroll={false}
              >
                {delivery.type}
              </TextLink>
            ) : (
              <TextLink
                to="/webhooks/$webhook"
                params={{ webhook }}
                search={{ ...search, delivery: delivery.id }}
                className={rowClasses.link ?? ''}
                resetScroll={false}
              >
                {delivery.type}
              </TextLink>
            )}
            <div className={`${rowClasses.second} ${classes.subject} mono`} title={delivery.subject}>
              {delivery.subject}
            </div>
          </Table.Td>
          <Table.Td>
            <DeliveryStatus delivery={delivery} />
            {delivery.attempts > 1 && (
              <div className={`${rowClasses.second} figures`}>{plural(delivery.attempts, 'attempt')}</div>
            )}
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {delivery.response_status ?? '–'}
          </Table.Td>
          <Table.Td>
            <Time at={delivery.created_at} />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
