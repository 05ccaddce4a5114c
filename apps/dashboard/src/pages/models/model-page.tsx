import { Tabs } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Model, ModelVersion } from '@understudy/client';
import { refresh } from '../../api/query-client.ts';
import { taskQuery } from '../../api/resources.ts';
import { ButtonLink, TextLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Failure, LoadingRows } from '../../components/states.tsx';
import { plural } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { IconDatabase, IconListCheck } from '../../theme/icons.ts';
import { CompareTab } from './compare-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { MistakesTab } from './mistakes-tab.tsx';
import { modelQuery, versionQuery, versionsQuery } from './model-queries.ts';
import { type ModelSearch, type ModelTab, modelTabs } from './model-search.ts';
import classes from './models.module.css';
import { championOf } from './models-page.tsx';
import { OriginTab } from './origin-tab.tsx';
import { QualityTab } from './quality-tab.tsx';
import { metricsOf } from './version-metrics.ts';
import { VersionsPanel } from './versions-panel.tsx';

const route = getRouteApi('/shell/models/$model');

const tabNames: Record<ModelTab, string> = {
  quality: 'Quality',
  mistakes: 'Worst mistakes',
  origin: 'Origin',
  compare: 'Compare',
  history: 'Promotions',
};

/** One model: all of its versions, and everything about the one that is looked at. */
export function ModelPage() {
  const { model: name } = route.useParams();
  const may = useScopes();
  const query = useQuery(modelQuery(name));
  const task = useQuery({ ...taskQuery(name), enabled: may('tasks:read') });
  const title = task.data?.title || name;
  const model = query.data;
  return (
    <Page
      title={title}
      tabTitle={`${title} · Models`}
      above={<TextLink to="/models">Models</TextLink>}
      description={<Describe name={name} model={model} />}
      actions={
        <>
          {may('datasets:read') && (
            <ButtonLink to="/data" search={{ task: name }} variant="default" leftSection={<IconDatabase size={15} />}>
              Data
            </ButtonLink>
          )}
          {may('tasks:read') && (
            <ButtonLink
              to="/tasks/$task"
              params={{ task: name }}
              variant="default"
              leftSection={<IconListCheck size={15} />}
            >
              Task
            </ButtonLink>
          )}
        </>
      }
    >
      {model === undefined ? (
        query.error === null ? (
          <div className={classes.stack}>
            <Panel title="Versions" flush>
              <LoadingRows rows={3} height={30} />
            </Panel>
            <Panel>
              <LoadingRows rows={8} />
            </Panel>
          </div>
        ) : (
          <Panel>
            <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
          </Panel>
        )
      ) : (
        <Content model={model} />
      )}
    </Page>
  );
}

function Describe({ name, model }: { name: string; model: Model | undefined }) {
  if (model === undefined) return <span className="mono">{name}</span>;
  const champion = championOf(model);
  return (
    <>
      <span className="mono">{model.model}</span>
      {` · ${plural(Number(model.latest_version), 'version')} · `}
      {champion === undefined ? 'none answers, so everything goes to people' : `version ${champion} answers now`}
    </>
  );
}

function Content({ model }: { model: Model }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: ModelSearch) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  const champion = championOf(model);
  const shown = search.version ?? champion ?? model.latest_version;
  const tab = search.tab ?? 'quality';
  const versions = useInfiniteQuery({
    ...versionsQuery(model.model),
    refetchInterval: (state) => ((state.state.data?.pages.length ?? 0) <= 1 ? refresh.steady(state) : false),
  });
  const version = useQuery(versionQuery(model.model, shown));
  return (
    <div className={classes.stack}>
      <VersionsPanel model={model.model} champion={champion} shown={shown} search={search} query={versions} />
      <div className={classes.looked}>
        <h2>Version {shown}</h2>
        <span className={classes.quiet}>{shown === champion ? 'answers now' : 'does not answer'}</span>
      </div>
      <Tabs
        value={tab}
        onChange={(value) => change({ tab: value === 'quality' ? undefined : (value as ModelTab) } as ModelSearch)}
        keepMounted={false}
      >
        <Tabs.List className={classes.tabs} mb={18}>
          {modelTabs.map((value) => (
            <Tabs.Tab key={value} value={value}>
              {tabNames[value]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {modelTabs.map((value) => (
          <Tabs.Panel key={value} value={value}>
            <QueryView query={version} loading={<Waiting />}>
              {(data) => (
                <div className={classes.stack}>
                  <TabContent tab={value} model={model} version={data} search={search} onChange={change} />
                </div>
              )}
            </QueryView>
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}

function Waiting() {
  return (
    <Panel>
      <LoadingRows rows={9} />
    </Panel>
  );
}

interface TabContentProps {
  tab: ModelTab;
  model: Model;
  version: ModelVersion;
  search: ModelSearch;
  onChange(part: ModelSearch): void;
}

function TabContent({ tab, model, version, search, onChange }: TabContentProps) {
  switch (tab) {
    case 'quality':
      return <QualityTab version={version} />;
    case 'mistakes':
      return <MistakesTab mistakes={metricsOf(version).mistakes} rows={metricsOf(version).rows} />;
    case 'origin':
      return <OriginTab version={version} />;
    case 'compare':
      return <CompareTab model={model} version={version} search={search} onChange={onChange} />;
    case 'history':
      return <HistoryTab model={model.model} />;
  }
}
