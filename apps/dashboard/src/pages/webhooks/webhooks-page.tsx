import { Button, Table, Tabs } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { NewWebhook, Webhook } from '@understudy/client';
import { useState } from 'react';
import { refresh } from '../../api/query-client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { TextLink } from '../../components/links.tsx';
import rowClasses from '../../components/list-row.module.css';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { Empty } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { plural } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { IconPlus, IconWebhook } from '../../theme/icons.ts';
import { CallbacksTab } from './callbacks-tab.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';
import { webhooksQuery } from './webhook-queries.ts';
import { parseWebhooksSearch, type WebhooksSearch } from './webhook-search.ts';
import { WebhookStatus } from './webhook-words.tsx';
import classes from './webhooks.module.css';

const route = getRouteApi('/shell/webhooks');

/** Addresses of the application that are told what happens. */
export function WebhooksPage() {
  const query = useQuery({ ...webhooksQuery(), refetchInterval: refresh.steady });
  const may = useScopes();
  const cache = useQueryClient();
  const navigate = route.useNavigate();
  const search = parseWebhooksSearch({ ...route.useSearch() });
  const [making, { open, close }] = useDisclosure(false);
  const [made, setMade] = useState<NewWebhook | null>(null);
  return (
    <Page
      title="Webhooks"
      wide
      description={
        <>
          A <Term name="webhook">webhook</Term> tells your application what happens here, signed, and tries for three
          days.
        </>
      }
      actions={
        may('webhooks:write') && (
          <Button leftSection={<IconPlus size={15} />} onClick={open}>
            New webhook
          </Button>
        )
      }
    >
      <Tabs
        value={search.tab ?? 'endpoints'}
        onChange={(value) =>
          void navigate({ search: value === 'callbacks' ? { tab: 'callbacks' } : {}, replace: true })
        }
        keepMounted={false}
      >
        <Tabs.List mb={16}>
          <Tabs.Tab value="endpoints">Webhooks</Tabs.Tab>
          <Tabs.Tab value="callbacks">Callbacks of jobs</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="endpoints">
          <Panel flush>
            <QueryView
              query={query}
              isEmpty={(rows) => rows.length === 0}
              empty={
                <Empty title="No webhook yet" icon={<IconWebhook size={22} />}>
                  Name an address of your application and what it wants to be told: decisions, answers of people,
                  finished jobs.
                </Empty>
              }
            >
              {(rows) => <Rows rows={rows} />}
            </QueryView>
          </Panel>
        </Tabs.Panel>
        <Tabs.Panel value="callbacks">
          <CallbacksTab
            search={search}
            onChange={(part) =>
              void navigate({
                search: (old) => ({ ...old, ...part }) as WebhooksSearch,
                replace: true,
                resetScroll: false,
              })
            }
          />
        </Tabs.Panel>
      </Tabs>
      <WebhookDialog
        opened={making}
        onClose={close}
        onMade={(webhook) => {
          close();
          setMade(webhook);
          void cache.invalidateQueries({ queryKey: webhooksQuery().queryKey });
        }}
      />
      <SecretDialog
        title="The secret of this webhook"
        secret={made?.secret ?? null}
        onClose={() => {
          const id = made?.id;
          setMade(null);
          if (id !== undefined) void navigate({ to: '/webhooks/$webhook', params: { webhook: id } });
        }}
      >
        Your application checks with it that a message comes from here (Standard Webhooks). Copy it now: it is never
        shown again.
      </SecretDialog>
    </Page>
  );
}

function Rows({ rows }: { rows: readonly Webhook[] }) {
  return (
    <DataTable
      caption="Webhooks"
      minWidth={760}
      columns={[
        { head: 'Address' },
        { head: 'Is told of', width: 150 },
        { head: 'Task' },
        { head: 'State', width: 180 },
        { head: 'Last delivered', width: 140 },
      ]}
    >
      {rows.map((webhook) => (
        <Table.Tr key={webhook.id} className={rowClasses.row}>
          <Table.Td>
            <TextLink to="/webhooks/$webhook" params={{ webhook: webhook.id }} className={rowClasses.link ?? ''}>
              <span className={`${classes.url} mono`} style={{ display: 'inline-block', verticalAlign: 'bottom' }}>
                {webhook.url}
              </span>
            </TextLink>
            {webhook.description !== null && webhook.description !== '' && (
              <div className={`${rowClasses.second} ${rowClasses.cut}`}>{webhook.description}</div>
            )}
          </Table.Td>
          <Table.Td>
            <span title={webhook.events.join(', ')}>
              {webhook.events.includes('*') ? 'everything' : plural(webhook.events.length, 'event')}
            </span>
          </Table.Td>
          <Table.Td>{webhook.task ?? 'all'}</Table.Td>
          <Table.Td>
            <WebhookStatus webhook={webhook} />
          </Table.Td>
          <Table.Td>
            {webhook.health.last_success_at === null ? 'never' : <Time at={webhook.health.last_success_at} />}
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
