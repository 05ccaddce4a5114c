import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { Stacked } from '../../components/columns.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Panel } from '../../components/panel.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { useScopes } from '../../session/session.ts';
import { DeliveriesPanel, type DeliveriesPanelProps } from './deliveries-panel.tsx';

/** What is sent to the addresses that jobs name, and the secret that all of it is signed with. */
export function CallbacksTab(props: Pick<DeliveriesPanelProps, 'search' | 'onChange'>) {
  const may = useScopes();
  const [asking, { open, close }] = useDisclosure(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Stacked>
      {may('webhooks:write') && (
        <Panel
          title="The secret of callbacks"
          description="A job may name an address that is told when it has ended. All such messages are signed with one secret."
          actions={
            <Button variant="default" size="xs" onClick={open}>
              New secret …
            </Button>
          }
        >
          Your application checks with it that a message comes from here. Nobody can read the present one again.
        </Panel>
      )}
      <DeliveriesPanel webhook={null} {...props} />
      <ConfirmDialog
        opened={asking}
        title="Make a new secret for callbacks?"
        action="Make it"
        onConfirm={async () => setSecret((await client.webhooks.rotateCallbackSecret()).secret)}
        onClose={close}
      >
        For 24 hours, callbacks are signed with the old one too, so that your application can change over without a gap.
      </ConfirmDialog>
      <SecretDialog title="The new secret of callbacks" secret={secret} onClose={() => setSecret(null)}>
        Copy it now: it is never shown again.
      </SecretDialog>
    </Stacked>
  );
}
