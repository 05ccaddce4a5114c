import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Model } from '@understudy/client';
import { refresh } from '../../api/query-client.ts';
import { modelsQuery, tasksQuery } from '../../api/resources.ts';
import { DataTable } from '../../components/data-table.tsx';
import { TextLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, LoadingRows } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { bytes, percent, percentInterval } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { IconCube } from '../../theme/icons.ts';
import { VersionCertificateStatus } from './certificate-status.tsx';
import { versionQuery } from './model-queries.ts';
import classes from './models.module.css';
import { metricsOf } from './version-metrics.ts';

export const championOf = (model: Model) => model.aliases.find(({ alias }) => alias === 'champion')?.version;

/** Every model of the workspace with the version that answers now. */
export function ModelsPage() {
  const may = useScopes();
  const models = useQuery({ ...modelsQuery(), refetchInterval: refresh.steady });
  const tasks = useQuery({ ...tasksQuery(), enabled: may('tasks:read') });
  const titleOf = (name: string) => tasks.data?.find(({ task }) => task === name)?.title || name;
  return (
    <Page
      title="Models"
      description="Each task has one model, which learns in versions. One of them, the champion, answers; any other can take its place at once."
    >
      <Panel flush>
        <QueryView
          query={models}
          loading={<LoadingRows rows={4} height={38} />}
          isEmpty={(rows) => rows.length === 0}
          empty={
            <Empty
              title="No model yet"
              icon={<IconCube size={22} />}
              action={<TextLink to="/tasks">Open the tasks</TextLink>}
            >
              A model appears as soon as a task has labelled examples and has been trained.
            </Empty>
          }
        >
          {(rows) => (
            <DataTable
              caption="Models"
              minWidth={860}
              columns={[
                { head: 'Model' },
                { head: <Term name="champion">Answers now</Term> },
                { head: <Term name="certificate">Certificate</Term> },
                { head: 'Right on unseen examples', align: 'right' },
                { head: <Term name="macro F1">Macro F1</Term>, align: 'right' },
                { head: 'Size', align: 'right' },
                { head: 'Trained', align: 'right' },
              ]}
            >
              {rows.map((model) => (
                <ModelRow key={model.model} model={model} title={titleOf(model.model)} />
              ))}
            </DataTable>
          )}
        </QueryView>
      </Panel>
    </Page>
  );
}

function ModelRow({ model, title }: { model: Model; title: string }) {
  const champion = championOf(model);
  const { data: version, error } = useQuery({
    ...versionQuery(model.model, champion ?? ''),
    enabled: champion !== undefined,
  });
  const metrics = version === undefined ? null : metricsOf(version);
  const waiting = champion === undefined || error !== null ? '–' : '';
  return (
    <Table.Tr className={classes.row}>
      <Table.Td>
        <TextLink to="/models/$model" params={{ model: model.model }} className={classes.link ?? ''}>
          {title}
        </TextLink>
        <span className={classes.under}>
          {title !== model.model && <span className="mono">{model.model} · </span>}
          {model.latest_version === '1' ? '1 version' : `newest is version ${model.latest_version}`}
        </span>
      </Table.Td>
      <Table.Td>
        {champion === undefined ? <Status tone="warn">None</Status> : <b className="figures">Version {champion}</b>}
      </Table.Td>
      <Table.Td>{version === undefined ? waiting : <VersionCertificateStatus version={version} />}</Table.Td>
      <Table.Td ta="right" className="figures">
        {metrics === null ? waiting : percent(metrics.accuracy)}
        {metrics?.accuracyInterval != null && (
          <span className={classes.under}>
            {percentInterval(metrics.accuracyInterval.low, metrics.accuracyInterval.high)}
          </span>
        )}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {metrics === null ? waiting : percent(metrics.macroF1)}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {version === undefined ? waiting : bytes(version.artifact.bytes)}
      </Table.Td>
      <Table.Td ta="right">{version === undefined ? waiting : <Time at={version.created_at} />}</Table.Td>
    </Table.Tr>
  );
}
