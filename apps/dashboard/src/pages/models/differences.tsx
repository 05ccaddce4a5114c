import { Button, Group, Progress, Table } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Model, ModelVersion, Replay, ReplayResult as Result } from '@understudy/client';
import { client } from '../../api/client.ts';
import { decisionQuery } from '../../api/resources.ts';
import { DataTable } from '../../components/data-table.tsx';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, explain, LoadingRows } from '../../components/states.tsx';
import { LabelName, Status } from '../../components/status.tsx';
import { count, percent, plural } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { type DifferingItem, itemsOf } from './differing-items.ts';
import { replayQuery, versionReplaysQuery } from './model-queries.ts';
import classes from './models.module.css';
import { championOf } from './models-page.tsx';

interface DifferencesProps {
  model: Model;
  a: ModelVersion;
  b: ModelVersion;
  replay: string | undefined;
  onReplay(id: string): void;
}

/** Past decisions made again with a version: the items on which it differs from what was answered. */
export function Differences({ model, a, b, replay, onReplay }: DifferencesProps) {
  const may = useScopes();
  const cache = useQueryClient();
  const champion = championOf(model);
  // The record was made by what answered; replaying the other one shows the most.
  const tried = a.version === champion ? b.version : a.version;
  const past = useQuery(versionReplaysQuery(model.model));
  const shown = replay ?? past.data?.find(({ what }) => what.model_version === tried)?.id;
  const start = useMutation({
    mutationFn: () => client.replays.start(model.model, { what: { model_version: tried } }),
    onSuccess: ({ id }) => {
      onReplay(id);
      void cache.invalidateQueries({ queryKey: ['replays'] });
    },
  });
  return (
    <Panel
      title="Where it would have answered otherwise"
      description={`Every past decision of the task, made again with version ${tried} and compared with what was answered then. Nothing real changes.`}
      flush
      actions={
        may('replays:write') && (
          <Button size="xs" variant="default" onClick={() => start.mutate()} loading={start.isPending}>
            {shown === undefined ? `Try version ${tried} on the past` : 'Try again'}
          </Button>
        )
      }
    >
      {start.error !== null && (
        <p className={classes.note} role="alert">
          {explain(start.error).detail}
        </p>
      )}
      {shown !== undefined ? (
        <Shown id={shown} />
      ) : past.data === undefined && past.error === null ? (
        <LoadingRows rows={3} />
      ) : (
        <Empty title="Not tried yet">
          {may('replays:write')
            ? 'It takes some seconds for every thousand decisions.'
            : 'Somebody who may replay history can try it.'}
        </Empty>
      )}
    </Panel>
  );
}

function Shown({ id }: { id: string }) {
  const query = useQuery(replayQuery(id));
  return (
    <QueryView query={query} loading={<LoadingRows rows={4} />}>
      {(replay) =>
        replay.result !== null ? (
          <Found result={replay.result} version={replay.what.model_version ?? ''} />
        ) : replay.status === 'failed' || replay.status === 'cancelled' ? (
          <Empty title="It could not be tried">{replay.error?.detail ?? 'It was cancelled.'}</Empty>
        ) : (
          <UnderWay replay={replay} />
        )
      }
    </QueryView>
  );
}

function UnderWay({ replay }: { replay: Replay }) {
  const { done, total, unit } = replay.progress;
  return (
    <div style={{ padding: '14px 18px 22px' }} role="status">
      <Progress value={total === null ? 0 : (100 * done) / Math.max(1, total)} animated aria-label="Deciding again" />
      <p className={classes.quiet} style={{ marginTop: 8 }}>
        {replay.status === 'queued'
          ? 'Waits for its turn …'
          : `${count(done)}${total === null ? '' : ` of ${count(total)}`} ${unit}`}
      </p>
    </div>
  );
}

function Found({ result, version }: { result: Result; version: string }) {
  const { compared, history, replayed } = result;
  const items = itemsOf(compared.differences);
  if (history.decisions === 0) return <Empty title="Nothing was decided yet">There is no past to try it on.</Empty>;
  return (
    <>
      <p className={classes.evidence} style={{ padding: '0 18px 12px' }}>
        {compared.different === 0
          ? `Version ${version} answers all ${count(compared.identical)} decisions as they were answered.`
          : `${plural(compared.different, 'decision')} of ${count(history.decisions)} come out otherwise: ${parts(result)}.`}{' '}
        It would have answered {percent(replayed.automation_rate)} alone; {percent(history.automation_rate)} were.
      </p>
      {items.length > 0 && (
        <DataTable
          caption="Decisions that come out otherwise"
          minWidth={640}
          columns={[{ head: 'Item' }, { head: 'As it was' }, { head: `Version ${version}` }]}
        >
          {items.map((item) => (
            <ItemRow key={item.decision} item={item} />
          ))}
        </DataTable>
      )}
      {items.length > 0 && items.length < compared.different && (
        <p className={classes.note}>The first {items.length} are listed.</p>
      )}
    </>
  );
}

function ItemRow({ item }: { item: DifferingItem }) {
  const may = useScopes();
  const { data } = useQuery({ ...decisionQuery(item.decision), enabled: may('decisions:read'), staleTime: 60_000 });
  const text = data === undefined ? null : textOf(data.input);
  return (
    <Table.Tr className={classes.row}>
      <Table.Td style={{ maxWidth: 440 }}>
        <TextLink to="/decisions/$decision" params={{ decision: item.decision }} className={classes.itemText ?? ''}>
          {text ?? <span className="mono">{item.decision}</span>}
        </TextLink>
      </Table.Td>
      <Table.Td>
        <Side {...item.recorded} />
      </Table.Td>
      <Table.Td>
        <Side {...item.replayed} />
      </Table.Td>
    </Table.Tr>
  );
}

function textOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const { text } = input as { text?: unknown };
  return typeof text === 'string' && text !== '' ? text : null;
}

function Side({ outcome, label }: DifferingItem['recorded']) {
  return (
    <Group gap={6} wrap="nowrap">
      {label !== null && label !== undefined && <LabelName name={label} />}
      {outcome === 'review' && <Status tone="info">To people</Status>}
      {outcome === 'automated' && label == null && <Status tone="good">Answers alone</Status>}
    </Group>
  );
}

function parts({ compared }: Result): string {
  return [
    compared.newly_automated > 0 ? `${plural(compared.newly_automated, 'more item')} answered alone` : '',
    compared.newly_reviewed > 0 ? `${plural(compared.newly_reviewed, 'more item')} left to people` : '',
    compared.other_label > 0 ? `${plural(compared.other_label, 'other answer')}` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
