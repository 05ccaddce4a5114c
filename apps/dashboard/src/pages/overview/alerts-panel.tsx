import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Alert } from '@understudy/client';
import { client } from '../../api/client.ts';
import { TextLink } from '../../components/links.tsx';
import { explain } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { useScopes } from '../../session/session.ts';
import { IconAlertTriangle } from '../../theme/icons.ts';
import classes from './alerts-panel.module.css';
import { openAlertsQuery } from './overview-queries.ts';

/** What needs somebody now. Nothing at all where nothing does. */
export function AlertsPanel({ query }: { query: { data: Alert[] | undefined; error: unknown } }) {
  if (query.data === undefined) {
    if (query.error === null) return null;
    return (
      <p className={classes.failed} role="alert">
        Alerts could not be loaded: {explain(query.error).detail}
      </p>
    );
  }
  if (query.data.length === 0) return null;
  return (
    <section className={classes.alerts} aria-label="Open alerts">
      {query.data.map((alert) => (
        <AlertRow key={alert.id} alert={alert} />
      ))}
    </section>
  );
}

/** One alert: what happened, since when, where to look, and that somebody has seen it. */
export function AlertRow({ alert }: { alert: Alert }) {
  const may = useScopes();
  const cache = useQueryClient();
  const acknowledge = useMutation({
    mutationFn: () => client.alerts.acknowledge(alert.id),
    onSuccess: (changed) => {
      cache.setQueryData(openAlertsQuery().queryKey, (old) =>
        old?.map((one) => (one.id === changed.id ? changed : one)),
      );
    },
  });
  return (
    <div className={classes.alert} data-severity={alert.severity}>
      <IconAlertTriangle size={18} className={classes.icon} aria-hidden="true" />
      <div className={classes.words}>
        <p className={classes.summary}>
          <span className="visually-hidden">{alert.severity === 'critical' ? 'Critical: ' : 'Warning: '}</span>
          {alert.summary}
        </p>
        <p className={classes.meta}>
          <Time at={alert.opened_at} />
          <Whereto alert={alert} />
          {alert.acknowledged !== null && (
            <>
              {' · seen '}
              <Time at={alert.acknowledged.at} />
            </>
          )}
          {acknowledge.error !== null && <span className={classes.error}> · {explain(acknowledge.error).detail}</span>}
        </p>
      </div>
      {alert.acknowledged === null && may('alerts:write') && (
        <Button
          size="xs"
          variant="default"
          loading={acknowledge.isPending}
          onClick={() => acknowledge.mutate()}
          className={classes.button}
        >
          I have seen it
        </Button>
      )}
    </div>
  );
}

/** Where to look; an alert about the whole workspace has no task. */
function Whereto({ alert: { kind, task, evidence } }: { alert: Alert }) {
  const webhook = evidence.webhook;
  if (kind === 'webhook_disabled') {
    return (
      <>
        {' · '}
        {typeof webhook === 'string' ? (
          <TextLink to="/webhooks/$webhook" params={{ webhook }} size="sm">
            See the webhook
          </TextLink>
        ) : (
          <TextLink to="/webhooks" size="sm">
            See the webhooks
          </TextLink>
        )}
      </>
    );
  }
  if (task === null) return null;
  return (
    <>
      {' · '}
      <TextLink to="/tasks/$task" params={{ task }} size="sm">
        {kind === 'review_backlog' || kind === 'audit_backlog' ? 'See the task' : 'See the evidence'}
      </TextLink>
    </>
  );
}
