import { Button, Checkbox, Select, Table } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { DeadLetterSummary } from '@understudy/client';
import { useState } from 'react';
import { refresh } from '../../api/query-client.ts';
import { tasksQuery } from '../../api/resources.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { Endless, whileShort } from '../../components/endless.tsx';
import { TextLink } from '../../components/links.tsx';
import rowClasses from '../../components/list-row.module.css';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { plural } from '../../formatting/numbers.ts';
import { givenCount } from '../../search-params.ts';
import { useScopes } from '../../session/session.ts';
import { IconMailOff, IconX } from '../../theme/icons.ts';
import { deadLettersQuery } from './dead-letter-queries.ts';
import classes from './dead-letters.module.css';
import { type DeadLettersSearch, letterKinds, letterStates, parseDeadLettersSearch } from './dead-letters-search.ts';
import { KindStatus, kindNames, originNames, StateStatus, stateNames } from './letter-words.tsx';
import { useReplay } from './replay.ts';

const route = getRouteApi('/shell/dead-letters');

type Asking = { ids: string[] } | { everything: true } | null;

/** What was given up and waits for somebody to look at it. */
export function DeadLettersPage() {
  const search = parseDeadLettersSearch({ ...route.useSearch() });
  const { state = 'waiting', ...filter } = search;
  const navigate = route.useNavigate();
  const may = useScopes();
  const replay = useReplay();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<Asking>(null);
  const query = useInfiniteQuery({
    ...deadLettersQuery({ ...filter, state }),
    refetchInterval: whileShort(refresh.steady),
  });
  const rows = query.data?.pages.flatMap(({ data }) => data) ?? [];
  const change = (part: Partial<Record<keyof DeadLettersSearch, string | undefined>>) => {
    setChosen(new Set());
    void navigate({ search: (old) => ({ ...old, ...part }) as DeadLettersSearch, replace: true });
  };
  // What has gone meanwhile is no longer chosen.
  const ids = rows.map(({ id }) => id).filter((id) => chosen.has(id));
  const acting = may('dead-letters:write') && state === 'waiting' && rows.length > 0;
  return (
    <Page
      title="Dead letters"
      wide
      description="Items and messages that were given up. Nothing of them is lost: change what is wrong, and send them on their way again."
    >
      <Filters search={search} state={state} onChange={change} onClear={() => void navigate({ search: {} })} />
      <Panel flush>
        {acting && (
          <div className={classes.bar}>
            <span role="status">
              {ids.length === 0 ? 'Choose letters to send them again.' : `${plural(ids.length, 'letter')} chosen`}
            </span>
            <span>
              <Button size="xs" disabled={ids.length === 0} onClick={() => setAsking({ ids })}>
                Replay the chosen
              </Button>{' '}
              <Button size="xs" variant="default" onClick={() => setAsking({ everything: true })}>
                {givenCount(filter) === 0 ? 'Replay all' : 'Replay all that match'}
              </Button>
            </span>
          </div>
        )}
        <Endless
          query={query}
          isEmpty={(pages) => pages.every(({ data }) => data.length === 0)}
          empty={
            givenCount(search) > 0 ? (
              <Empty title="No dead letter matches" icon={<IconMailOff size={22} />}>
                Take a filter away, or look at another state.
              </Empty>
            ) : (
              <Empty title="Nothing was given up" icon={<IconMailOff size={22} />}>
                Items that cannot be decided and messages that cannot be read come here, with the reason.
              </Empty>
            )
          }
        >
          {() => <Rows rows={rows} chosen={chosen} choosable={acting} onChoose={setChosen} />}
        </Endless>
      </Panel>
      <ConfirmDialog
        opened={asking !== null}
        title={asking === null || 'everything' in asking ? 'Replay all that match?' : 'Replay the chosen?'}
        action="Replay"
        onConfirm={async () => {
          if (asking === null) return;
          await replay('ids' in asking ? { ids: asking.ids } : { filter });
          setChosen(new Set());
        }}
        onClose={() => setAsking(null)}
      >
        {asking !== null && 'ids' in asking
          ? `${plural(asking.ids.length, 'letter')} ${asking.ids.length === 1 ? 'goes' : 'go'} on the way again as they are.`
          : 'All waiting letters under these filters go on their way again as they are, also those further down.'}{' '}
        What fails again comes back here.
      </ConfirmDialog>
    </Page>
  );
}

interface FiltersProps {
  search: DeadLettersSearch;
  state: string;
  onChange(part: Partial<Record<keyof DeadLettersSearch, string | undefined>>): void;
  onClear(): void;
}

function Filters({ search, state, onChange, onClear }: FiltersProps) {
  const tasks = useQuery(tasksQuery());
  const { origin } = search;
  const known = origin === undefined || origin in originNames;
  return (
    <search className={classes.filters}>
      <Select
        aria-label="State"
        data={letterStates.map((value) => ({ value, label: stateNames[value] }))}
        value={state}
        onChange={(value) => onChange({ state: value === 'waiting' || value === null ? undefined : value })}
        w={140}
      />
      <Select
        aria-label="Kind"
        placeholder="Any kind"
        clearable
        data={letterKinds.map((value) => ({ value, label: kindNames[value] }))}
        value={search.kind ?? null}
        onChange={(value) => onChange({ kind: value ?? undefined })}
        w={160}
      />
      <Select
        aria-label="Origin"
        placeholder="From anywhere"
        clearable
        data={[
          ...Object.entries(originNames).map(([value, label]) => ({ value, label })),
          ...(known ? [] : [{ value: origin, label: origin }]),
        ]}
        value={origin ?? null}
        onChange={(value) => onChange({ origin: value ?? undefined })}
        w={190}
      />
      <Select
        aria-label="Task"
        placeholder="All tasks"
        clearable
        searchable
        data={(tasks.data ?? []).map(({ task, title }) => ({ value: task, label: title || task }))}
        value={search.task ?? null}
        onChange={(value) => onChange({ task: value ?? undefined })}
        w={190}
      />
      {givenCount(search) > 0 && (
        <Button variant="subtle" leftSection={<IconX size={15} />} onClick={onClear}>
          Clear
        </Button>
      )}
    </search>
  );
}

interface RowsProps {
  rows: readonly DeadLetterSummary[];
  chosen: ReadonlySet<string>;
  choosable: boolean;
  onChoose(chosen: ReadonlySet<string>): void;
}

function Rows({ rows, chosen, choosable, onChoose }: RowsProps) {
  const all = rows.every(({ id }) => chosen.has(id));
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose(next);
  };
  return (
    <DataTable
      caption="Dead letters"
      minWidth={880}
      columns={[
        ...(choosable
          ? [
              {
                head: (
                  <Checkbox
                    size="xs"
                    aria-label="Choose all that are shown"
                    checked={all}
                    indeterminate={!all && rows.some(({ id }) => chosen.has(id))}
                    onChange={() => onChoose(new Set(all ? [] : rows.map(({ id }) => id)))}
                  />
                ),
                width: 46,
              },
            ]
          : []),
        { head: 'Given up', width: 120 },
        { head: 'Kind', width: 130 },
        { head: 'Reason' },
        { head: 'From', width: 140 },
        { head: 'Task' },
        { head: 'Attempts', align: 'right', width: 90 },
        ...(choosable ? [] : [{ head: 'State', width: 110 }]),
      ]}
    >
      {rows.map((letter) => (
        <Table.Tr key={letter.id} className={rowClasses.row}>
          {choosable && (
            <Table.Td className={rowClasses.above ?? ''}>
              <Checkbox
                size="xs"
                aria-label={`Choose ${letter.id}`}
                checked={chosen.has(letter.id)}
                onChange={() => toggle(letter.id)}
              />
            </Table.Td>
          )}
          <Table.Td>
            <TextLink to="/dead-letters/$letter" params={{ letter: letter.id }} className={rowClasses.link ?? ''}>
              <Time at={letter.created_at} />
            </TextLink>
          </Table.Td>
          <Table.Td>
            <KindStatus kind={letter.kind} />
          </Table.Td>
          <Table.Td>
            <div className={classes.detail}>{letter.reason.detail}</div>
          </Table.Td>
          <Table.Td>{originNames[letter.origin.kind]}</Table.Td>
          <Table.Td>{letter.task ?? '–'}</Table.Td>
          <Table.Td ta="right" className="figures">
            {letter.attempts}
          </Table.Td>
          {!choosable && (
            <Table.Td>
              <StateStatus state={letter.state} />
            </Table.Td>
          )}
        </Table.Tr>
      ))}
    </DataTable>
  );
}
