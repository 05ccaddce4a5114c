import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { DeadLetter } from '@understudy/client';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { BackLink } from '../../components/back-link.tsx';
import { Columns } from '../../components/columns.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { RawContent } from '../../components/raw-content.tsx';
import { Empty, LoadingBlock } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { Timeline, type TimelineEntry } from '../../components/timeline.tsx';
import { useScopes } from '../../session/session.ts';
import { deadLetterQuery } from './dead-letter-queries.ts';
import classes from './dead-letters.module.css';
import { KindStatus, kindWords, Origin, StateStatus } from './letter-words.tsx';
import { ReplayPanel } from './replay-panel.tsx';

const route = getRouteApi('/shell/dead-letters/$letter');

/** One dead letter: what it is, why it was given up, and the two ways out. */
export function DeadLetterPage() {
  const { letter: id } = route.useParams();
  const query = useQuery({ ...deadLetterQuery(id), refetchInterval: refresh.slow });
  const letter = query.data;
  const may = useScopes();
  const cache = useQueryClient();
  const [discarding, { open, close }] = useDisclosure(false);
  const waits = letter?.state === 'waiting';
  return (
    <Page
      title="Dead letter"
      above={<BackLink to="/dead-letters">Dead letters</BackLink>}
      description={
        letter === undefined ? (
          ' '
        ) : (
          <>
            <StateStatus state={letter.state} /> <KindStatus kind={letter.kind} />
            {' · '}
            <Time at={letter.created_at} as="exact" />
          </>
        )
      }
      actions={
        waits &&
        may('dead-letters:write') && (
          <Button variant="default" onClick={open}>
            Discard …
          </Button>
        )
      }
    >
      <QueryView query={query} loading={<LoadingBlock height={420} />}>
        {(data) => (
          <Columns
            main={
              <>
                <Panel title="Why it was given up">
                  <p className={`${classes.reason} content`}>{data.reason.detail}</p>
                  <p className={classes.quiet}>
                    <span className="mono">{data.reason.code}</span> · {kindWords[data.kind]}
                  </p>
                </Panel>
                <ContentPanel letter={data} />
                {data.state === 'waiting' && may('dead-letters:write') && <ReplayPanel key={data.id} letter={data} />}
              </>
            }
            side={
              <>
                <Panel title="What happened">
                  <Timeline entries={historyOf(data)} />
                </Panel>
                <LetterFacts letter={data} />
              </>
            }
          />
        )}
      </QueryView>
      <ConfirmDialog
        opened={discarding}
        title="Discard this letter?"
        action="Discard"
        dangerous
        reason={{ label: 'Why', placeholder: 'The customer has written again' }}
        onConfirm={async (reason) => {
          await client.deadLetters.discard(id, { reason });
          await cache.invalidateQueries({ queryKey: ['dead-letters'] });
        }}
        onClose={close}
      >
        Its content is deleted and it can never be sent again. That it was there, and your reason, are kept for a while.
      </ConfirmDialog>
    </Page>
  );
}

function ContentPanel({ letter: { body, headers } }: { letter: DeadLetter }) {
  if (body === null) {
    return (
      <Panel title="Content">
        <Empty title="The content is gone">It is kept only for as long as the letter waits.</Empty>
      </Panel>
    );
  }
  const names = Object.entries(headers);
  return (
    <Panel title="Content" description="Exactly as it came.">
      <RawContent body={body} name="Content" />
      {names.length > 0 && (
        <>
          <p className={classes.quiet}>Headers</p>
          <Facts
            rows={names.map(
              ([name, value]) =>
                [
                  <span key={name} className="mono">
                    {name}
                  </span>,
                  value,
                ] as const,
            )}
          />
        </>
      )}
    </Panel>
  );
}

function historyOf(letter: DeadLetter): TimelineEntry[] {
  const entries: TimelineEntry[] = letter.history.map(({ at, code, detail }) => ({
    at,
    title: 'An attempt failed',
    tone: 'warn',
    detail: (
      <>
        {detail} <span className="mono">{code}</span>
      </>
    ),
  }));
  entries.push({ at: letter.created_at, title: 'Given up', tone: 'bad' });
  if (letter.state === 'waiting') entries.push({ title: 'Somebody looks at it' });
  else {
    entries.push({
      at: letter.resolved_at,
      title: letter.state === 'replayed' ? 'Sent on its way again' : 'Discarded',
      ...(letter.state === 'replayed' ? { tone: 'good' as const } : {}),
      ...(letter.resolution === null ? {} : { detail: letter.resolution }),
    });
  }
  return entries;
}

function LetterFacts({ letter }: { letter: DeadLetter }) {
  return (
    <Panel title="Facts">
      <Facts
        rows={[
          ['Letter', <Copyable key="id" value={letter.id} what="the id" />],
          ['From', <Origin key="o" origin={letter.origin} />],
          letter.task === null
            ? null
            : [
                'Task',
                <TextLink key="t" to="/tasks/$task" params={{ task: letter.task }}>
                  {letter.task}
                </TextLink>,
              ],
          letter.message === null
            ? null
            : [
                'Message',
                <span key="m" className="mono">
                  {letter.message}
                </span>,
              ],
          ['Content type', letter.content_type],
          ['Attempts', letter.attempts],
          letter.resolved_by === null
            ? null
            : [
                'By',
                <span key="b" className="mono">
                  {letter.resolved_by}
                </span>,
              ],
          letter.trace_id === null
            ? null
            : ['Trace', <Copyable key="tr" value={letter.trace_id} what="the trace id" />],
        ]}
      />
    </Panel>
  );
}
