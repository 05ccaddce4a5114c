import type { Source } from '@understudy/client';
import { Columns, Stacked } from '../../components/columns.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { Facts } from '../../components/facts.tsx';
import { Figure, Figures } from '../../components/figure.tsx';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { count, plural } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import classes from './source-page.module.css';
import { meaningOf } from './source-state.tsx';

/** How a source fares. */
export function StateTab({ source }: { source: Source }) {
  const may = useScopes();
  const { counts } = source;
  return (
    <Stacked>
      <Figures>
        <Figure
          name={<Term name="lag">Lag</Term>}
          value={count(source.lag)}
          detail={source.lag === null ? 'this system cannot tell' : 'messages wait in the broker'}
        />
        <Figure name="Decided" value={count(counts.decided)} detail={`of ${plural(counts.messages, 'message')}`} />
        <Figure
          name="Unprocessable"
          value={count(counts.unprocessable)}
          {...(counts.unprocessable > 0 ? { tone: 'warn' as const } : {})}
          detail={
            counts.unprocessable > 0 && may('dead-letters:read') ? (
              <TextLink to="/dead-letters" search={{ origin: `source:${source.source}` }} size="sm">
                Look at them
              </TextLink>
            ) : (
              'could not be read'
            )
          }
        />
        <Figure name="Came again" value={count(counts.duplicates)} detail="and were not decided again" />
      </Figures>
      <Columns
        main={
          source.problem === null ? (
            <Panel title="State">
              <p className={classes.problem}>{meaningOf(source.state)}</p>
            </Panel>
          ) : (
            <Panel title="What is wrong">
              <p className={`${classes.problem} content`} role="status">
                {source.problem.detail}
              </p>
              <p className={classes.quiet}>
                <span className="mono">{source.problem.code}</span>
                {source.failing_since !== null && (
                  <>
                    {' '}
                    · since <Time at={source.failing_since} as="exact" />
                  </>
                )}
              </p>
              <p className={classes.quiet}>{meaningOf(source.state)} Nothing is lost: it is tried again by itself.</p>
            </Panel>
          )
        }
        side={
          <Panel title="Facts">
            <Facts
              rows={[
                ['Message system', source.bus],
                [source.bus === 'http' ? 'Event type' : 'Topic', <Copyable key="t" value={source.topic} what="it" />],
                ['Group', <Copyable key="g" value={source.group} what="the group" />],
                ['Workers', plural(source.workers, 'process', 'processes')],
                [
                  'Last message',
                  source.last_message_at === null ? 'none yet' : <Time key="l" at={source.last_message_at} />,
                ],
                [
                  'Answers go to',
                  source.reply_to === null
                    ? 'nowhere'
                    : [
                        ...(source.reply_to.from_message ? ['where the message says'] : []),
                        ...(source.reply_to.topic === null
                          ? []
                          : [`${source.reply_to.topic} on ${source.reply_to.bus}`]),
                      ].join(', else '),
                ],
                ['Made', <Time key="c" at={source.created_at} as="short" />],
                ['Changed', <Time key="u" at={source.updated_at} as="short" />],
              ]}
            />
          </Panel>
        }
      />
    </Stacked>
  );
}
