import { ActionIcon, Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Webhook } from '@understudy/client';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { notifyDone, notifyFailure } from '../../components/notify.ts';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { useScopes } from '../../session/session.ts';
import { IconDots, IconSend } from '../../theme/icons.ts';
import { WebhookDialog } from './webhook-dialog.tsx';
import { webhookQuery, webhooksQuery } from './webhook-queries.ts';

type Asking = 'change' | 'rotate' | 'disable' | 'delete' | null;

/** Everything that can be done with a webhook. */
export function WebhookActions({ webhook }: { webhook: Webhook }) {
  const may = useScopes();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<Asking>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const { id } = webhook;
  const enabled = webhook.status === 'enabled';
  const reload = () => cache.invalidateQueries({ queryKey: webhooksQuery().queryKey });
  const test = useMutation({
    mutationFn: () => client.webhooks.test(id),
    onSuccess: async () => {
      notifyDone('A test event is on its way. It appears among the deliveries.');
      await reload();
    },
    onError: notifyFailure,
  });
  const enable = useMutation({
    mutationFn: () => client.webhooks.enable(id),
    onSuccess: reload,
    onError: notifyFailure,
  });
  if (!may('webhooks:write')) return null;
  return (
    <>
      {enabled ? (
        <Button
          variant="default"
          leftSection={<IconSend size={15} />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Send a test event
        </Button>
      ) : (
        <Button loading={enable.isPending} onClick={() => enable.mutate()}>
          Enable
        </Button>
      )}
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsking('change')}>Change …</Menu.Item>
          <Menu.Item onClick={() => setAsking('rotate')}>New secret …</Menu.Item>
          {enabled && <Menu.Item onClick={() => setAsking('disable')}>Disable …</Menu.Item>}
          <Menu.Divider />
          <Menu.Item onClick={() => setAsking('delete')}>Delete …</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <WebhookDialog
        opened={asking === 'change'}
        webhook={webhook}
        onClose={() => setAsking(null)}
        onChanged={() => {
          setAsking(null);
          void reload();
        }}
      />
      <ConfirmDialog
        opened={asking === 'rotate'}
        title="Make a new secret?"
        action="Make it"
        onConfirm={async () => {
          const { secret: made } = await client.webhooks.rotateSecret(id);
          setSecret(made);
          await reload();
        }}
        onClose={() => setAsking(null)}
      >
        For 24 hours, messages are signed with the old one too, so that your application can change over without a gap.
      </ConfirmDialog>
      <SecretDialog title="The new secret" secret={secret} onClose={() => setSecret(null)}>
        Copy it now: it is never shown again.
      </SecretDialog>
      <ConfirmDialog
        opened={asking === 'disable'}
        title="Disable this webhook?"
        action="Disable"
        dangerous
        onConfirm={async () => {
          await client.webhooks.disable(id);
          await reload();
        }}
        onClose={() => setAsking(null)}
      >
        What is on its way waits for as long as it would have been tried. What happens while it is disabled is not
        delivered later.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'delete'}
        title="Delete this webhook?"
        action="Delete"
        dangerous
        onConfirm={async () => {
          await client.webhooks.remove(id);
          await navigate({ to: '/webhooks' });
          cache.removeQueries({ queryKey: webhookQuery(id).queryKey });
          await cache.invalidateQueries({ queryKey: webhooksQuery().queryKey, exact: true });
        }}
        onClose={() => setAsking(null)}
      >
        Its secret and the log of its deliveries are deleted, and nothing more is sent.
      </ConfirmDialog>
    </>
  );
}
