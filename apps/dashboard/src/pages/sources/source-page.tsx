import { Button, Tabs } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { BackLink } from '../../components/back-link.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { TextLink } from '../../components/links.tsx';
import { notifyFailure } from '../../components/notify.ts';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { LoadingBlock } from '../../components/states.tsx';
import { useScopes } from '../../session/session.ts';
import { IconPlayerPause, IconPlayerPlay } from '../../theme/icons.ts';
import classes from './source-page.module.css';
import { sourceQuery } from './source-queries.ts';
import { SourceSettings } from './source-settings.tsx';
import { SourceState } from './source-state.tsx';
import { StateTab } from './state-tab.tsx';

const route = getRouteApi('/shell/sources/$source');

/** One source: how it fares, and how it is set up. */
export function SourcePage() {
  const { source: name } = route.useParams();
  const { tab = 'state' } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useScopes();
  const cache = useQueryClient();
  const query = useQuery({ ...sourceQuery(name), refetchInterval: refresh.live });
  const source = query.data?.source;
  const [deleting, { open, close }] = useDisclosure(false);
  const paused = source?.state === 'paused';
  const turn = useMutation({
    mutationFn: () => (paused ? client.sources.resume(name) : client.sources.pause(name)),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['sources'] }),
    onError: notifyFailure,
  });
  return (
    <Page
      title={name}
      tabTitle={`${name}, source`}
      above={<BackLink to="/sources">Sources</BackLink>}
      description={
        source === undefined ? (
          ' '
        ) : (
          <>
            <SourceState state={source.state} /> {source.topic} on {source.bus}, for{' '}
            <TextLink to="/tasks/$task" params={{ task: source.task }}>
              {source.task}
            </TextLink>
          </>
        )
      }
      actions={
        source !== undefined &&
        may('sources:write') && (
          <>
            <Button
              variant="default"
              leftSection={paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
              loading={turn.isPending}
              onClick={() => turn.mutate()}
            >
              {paused ? 'Resume' : 'Pause'}
            </Button>
            <Button variant="default" onClick={open}>
              Delete …
            </Button>
          </>
        )
      }
    >
      <Tabs
        value={tab}
        onChange={(value) =>
          void navigate({ search: value === 'settings' ? { tab: 'settings' } : {}, replace: true, resetScroll: false })
        }
        keepMounted={false}
      >
        <Tabs.List className={classes.tabs}>
          <Tabs.Tab value="state">State</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="state">
          <QueryView query={query} loading={<LoadingBlock height={360} />}>
            {(data) => <StateTab source={data.source} />}
          </QueryView>
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <QueryView query={query} loading={<LoadingBlock height={560} />}>
            {(data) => <SourceSettings {...data} readOnly={!may('sources:write')} />}
          </QueryView>
        </Tabs.Panel>
      </Tabs>
      <ConfirmDialog
        opened={deleting}
        title={`Delete “${name}”?`}
        action="Delete"
        dangerous
        onConfirm={async () => {
          await client.sources.delete(name);
          await navigate({ to: '/sources' });
          cache.removeQueries({ queryKey: sourceQuery(name).queryKey, exact: true });
          await cache.invalidateQueries({ queryKey: ['sources'], exact: true });
        }}
        onClose={close}
      >
        No more items are taken. What waits in the broker stays there, and what was decided stays in the ledger.
      </ConfirmDialog>
    </Page>
  );
}
