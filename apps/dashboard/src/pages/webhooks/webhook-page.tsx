import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Webhook } from '@understudy/client';
import { refresh } from '../../api/query-client.ts';
import { BackLink } from '../../components/back-link.tsx';
import { Columns } from '../../components/columns.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { LoadingBlock } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { plural } from '../../formatting/numbers.ts';
import { DeliveriesPanel } from './deliveries-panel.tsx';
import { WebhookActions } from './webhook-actions.tsx';
import { webhookQuery } from './webhook-queries.ts';
import { parseWebhookSearch } from './webhook-search.ts';
import { eventWords, problemWords, WebhookStatus } from './webhook-words.tsx';
import classes from './webhooks.module.css';

const route = getRouteApi('/shell/webhooks/$webhook');

/** One webhook: what it is told, how it fares, and every delivery. */
export function WebhookPage() {
  const { webhook: id } = route.useParams();
  const search = parseWebhookSearch({ ...route.useSearch() });
  const navigate = route.useNavigate();
  const query = useQuery({ ...webhookQuery(id), refetchInterval: refresh.steady });
  const webhook = query.data;
  return (
    <Page
      title={webhook === undefined ? 'Webhook' : nameOf(webhook)}
      tabTitle="Webhook"
      above={<BackLink to="/webhooks">Webhooks</BackLink>}
      description={webhook === undefined ? ' ' : <WebhookStatus webhook={webhook} />}
      actions={webhook !== undefined && <WebhookActions webhook={webhook} />}
    >
      <QueryView query={query} loading={<LoadingBlock height={420} />}>
        {(data) => (
          <>
            <Trouble webhook={data} />
            <Columns
              main={
                <DeliveriesPanel
                  webhook={data.id}
                  search={search}
                  onChange={(part) =>
                    void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false })
                  }
                />
              }
              side={<WebhookFacts webhook={data} />}
            />
          </>
        )}
      </QueryView>
    </Page>
  );
}

const nameOf = ({ description, url }: Webhook) => description || url.replace(/^https?:\/\//, '');

/** What its owner has to do something about. */
function Trouble({ webhook: { disabled, health } }: { webhook: Webhook }) {
  const words =
    disabled?.reason === 'gone'
      ? 'The receiver answered “410 Gone”: it wants no more. Nothing is sent until somebody enables it again.'
      : disabled?.reason === 'failing'
        ? 'It failed for days, so nothing is sent any more. Once the receiver works, enable it again.'
        : disabled === null && health.failures > 0
          ? `${plural(health.failures, 'attempt')} in a row failed${health.last_problem === null ? '' : `: ${problemWords(health.last_problem)}`}`
          : null;
  if (words === null) return null;
  return (
    <div className={classes.warning} role="status">
      {words}
    </div>
  );
}

function WebhookFacts({ webhook }: { webhook: Webhook }) {
  const { health } = webhook;
  return (
    <Panel title="Facts">
      <Facts
        rows={[
          ['Address', <Copyable key="u" value={webhook.url} what="the address" />],
          [
            'Is told when',
            webhook.events.includes('*')
              ? 'anything happens'
              : webhook.events.map((name) => <div key={name}>{eventWords[name] ?? name}</div>),
          ],
          [
            'About',
            webhook.task === null ? (
              'all tasks'
            ) : (
              <TextLink key="t" to="/tasks/$task" params={{ task: webhook.task }}>
                {webhook.task}
              </TextLink>
            ),
          ],
          ['Last delivered', health.last_success_at === null ? 'never' : <Time key="s" at={health.last_success_at} />],
          health.last_failure_at === null ? null : ['Last failure', <Time key="f" at={health.last_failure_at} />],
          health.resting_until === null ? null : ['Rests until', <Time key="r" at={health.resting_until} as="short" />],
          webhook.previous_secret_until === null || Date.parse(webhook.previous_secret_until) < Date.now()
            ? null
            : ['The old secret signs until', <Time key="p" at={webhook.previous_secret_until} as="short" />],
          ['Webhook', <Copyable key="id" value={webhook.id} what="the id" />],
          ['Made', <Time key="c" at={webhook.created_at} as="short" />],
        ]}
      />
    </Panel>
  );
}
