import { Button, Group, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { WebhookDeliveryDetail } from '@understudy/client';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { Copyable } from '../../components/copyable.tsx';
import { Facts } from '../../components/facts.tsx';
import { notifyDone } from '../../components/notify.ts';
import { QueryView } from '../../components/query-view.tsx';
import { explain, LoadingBlock } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { microseconds } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { deliveryQuery } from './webhook-queries.ts';
import { DeliveryStatus, problemWords } from './webhook-words.tsx';
import classes from './webhooks.module.css';

interface DeliveryDialogProps {
  /** Null: a callback of a job. */
  webhook: string | null;
  delivery: string | null;
  onClose(): void;
}

/** One delivery: what was sent, every attempt and what was answered. */
export function DeliveryDialog({ webhook, delivery, onClose }: DeliveryDialogProps) {
  return (
    <Modal opened={delivery !== null} onClose={onClose} title="Delivery" size="xl">
      {delivery !== null && <Loaded webhook={webhook} delivery={delivery} />}
    </Modal>
  );
}

function Loaded({ webhook, delivery }: { webhook: string | null; delivery: string }) {
  const query = useQuery({
    ...deliveryQuery(webhook, delivery),
    refetchInterval: (state) => (state.state.data?.status === 'waiting' ? refresh.live(state) : refresh.slow(state)),
  });
  return (
    <QueryView query={query} loading={<LoadingBlock height={320} />}>
      {(data) => <Detail webhook={webhook} delivery={data} />}
    </QueryView>
  );
}

function Detail({ webhook, delivery }: { webhook: string | null; delivery: WebhookDeliveryDetail }) {
  const may = useScopes();
  const cache = useQueryClient();
  const again = useMutation({
    mutationFn: () => client.webhooks.redeliver(webhook, delivery.id),
    onSuccess: async () => {
      notifyDone('It is sent again.');
      await cache.invalidateQueries({ queryKey: ['webhooks', webhook] });
    },
  });
  return (
    <>
      <Facts
        rows={[
          ['State', <DeliveryStatus key="s" delivery={delivery} />],
          delivery.problem === null ? null : ['Because', problemWords(delivery.problem)],
          delivery.url === null ? null : ['Address', <Copyable key="u" value={delivery.url} what="the address" />],
          ['Event', <Copyable key="e" value={delivery.event} what="the id of the event" />],
          [
            'Type',
            <span key="t" className="mono">
              {delivery.type}
            </span>,
          ],
          [
            'About',
            <span key="a" className="mono">
              {delivery.subject}
            </span>,
          ],
          ['Happened', <Time key="c" at={delivery.created_at} as="exact" />],
          delivery.next_attempt_at === null
            ? ['Ended', <Time key="f" at={delivery.finished_at} as="exact" />]
            : ['Next attempt', <Time key="n" at={delivery.next_attempt_at} as="exact" />],
        ]}
      />
      <h3 className={classes.section}>Attempts</h3>
      {delivery.log.length === 0 ? (
        <p className={classes.quiet}>None yet.</p>
      ) : (
        <ol className={classes.attempts}>
          {delivery.log.map((attempt) => (
            <li key={attempt.number} className={classes.attempt}>
              <div className={classes.head}>
                <Status tone={attempt.problem === null ? 'good' : 'bad'}>
                  {attempt.response_status === null ? 'No answer' : `Answer ${attempt.response_status}`}
                </Status>
                <span className="figures">after {microseconds(attempt.duration_ms * 1000)}</span>
                <Time at={attempt.at} as="exact" />
              </div>
              {attempt.detail !== null && <p className={`${classes.quiet} content`}>{attempt.detail}</p>}
              {attempt.response_body !== null && attempt.response_body !== '' && (
                <Excerpt name={`Answer of attempt ${attempt.number}`} text={attempt.response_body} />
              )}
            </li>
          ))}
        </ol>
      )}
      <h3 className={classes.section}>What is sent</h3>
      {delivery.body === null ? (
        <p className={classes.quiet}>It is not kept any more.</p>
      ) : (
        <Excerpt name="What is sent" text={indented(delivery.body)} />
      )}
      {again.error !== null && (
        <p className={classes.quiet} role="alert" style={{ color: 'var(--bad)' }}>
          {explain(again.error).detail}
        </p>
      )}
      {may('webhooks:write') && (
        <Group justify="flex-end" mt="lg">
          <Button loading={again.isPending} disabled={delivery.body === null} onClick={() => again.mutate()}>
            Send it again
          </Button>
        </Group>
      )}
    </>
  );
}

function Excerpt({ name, text }: { name: string; text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard
    <section className={classes.excerpt} tabIndex={0} aria-label={name}>
      <pre>{text}</pre>
    </section>
  );
}

/** JSON as it is read best; anything else as it is. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
