import { Button, Checkbox, Group, Modal, Select, SimpleGrid, Table, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ApiKey } from '@understudy/client';
import { type FormEvent, useState } from 'react';
import { client } from '../../api/client.ts';
import { keysQuery } from '../../api/resources.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { Empty, explain } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time, useNow } from '../../components/time.tsx';
import { plural } from '../../formatting/numbers.ts';
import { useScopes, useSession } from '../../session/session.ts';
import { IconKey, IconPlus } from '../../theme/icons.ts';
import classes from './settings-page.module.css';

/** The keys by which applications call. */
export function KeysTab() {
  const keys = useQuery(keysQuery());
  const may = useScopes();
  const cache = useQueryClient();
  const [making, { open, close }] = useDisclosure(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  return (
    <Panel
      flush
      title="API keys"
      description="Your applications call with these. A key can do what its scopes say and nothing else."
      actions={
        may('keys:write') && (
          <Button leftSection={<IconPlus size={15} />} onClick={open}>
            New key
          </Button>
        )
      }
    >
      <QueryView
        query={keys}
        isEmpty={(rows) => rows.length === 0}
        empty={
          <Empty title="No key yet" icon={<IconKey size={22} />}>
            Make one for each application, so that each can be revoked by itself.
          </Empty>
        }
      >
        {(rows) => (
          <DataTable
            caption="API keys"
            minWidth={720}
            columns={[
              { head: 'Name' },
              { head: 'Key' },
              { head: 'Scopes' },
              { head: 'Last used' },
              { head: 'State' },
              { head: 'Actions', hidden: true },
            ]}
          >
            {rows.map((key) => (
              <KeyRow key={key.id} apiKey={key} onRevoke={may('keys:write') ? () => setRevoking(key) : undefined} />
            ))}
          </DataTable>
        )}
      </QueryView>
      <NewKeyDialog
        opened={making}
        onClose={close}
        onMade={(made) => {
          close();
          setSecret(made);
          void cache.invalidateQueries({ queryKey: keysQuery().queryKey });
        }}
      />
      <SecretDialog title="Your new key" secret={secret} onClose={() => setSecret(null)}>
        Copy it now: only its fingerprint is kept, and it is never shown again.
      </SecretDialog>
      <ConfirmDialog
        opened={revoking !== null}
        title={`Revoke “${revoking?.name}”?`}
        action="Revoke"
        dangerous
        onConfirm={async () => {
          await client.keys.revoke(revoking!.id);
          await cache.invalidateQueries({ queryKey: keysQuery().queryKey });
        }}
        onClose={() => setRevoking(null)}
      >
        Whatever calls with it is refused within five seconds. This cannot be undone.
      </ConfirmDialog>
    </Panel>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: (() => void) | undefined }) {
  const now = useNow();
  const expired = apiKey.expires_at !== null && Date.parse(apiKey.expires_at) <= now;
  const dead = apiKey.revoked_at !== null || expired;
  return (
    <Table.Tr>
      <Table.Td className={classes.name ?? ''}>{apiKey.name}</Table.Td>
      <Table.Td className="mono">{apiKey.hint}</Table.Td>
      <Table.Td>
        <span title={apiKey.scopes.join(', ')}>{plural(apiKey.scopes.length, 'scope')}</span>
      </Table.Td>
      <Table.Td>{apiKey.last_used_at === null ? 'never' : <Time at={apiKey.last_used_at} />}</Table.Td>
      <Table.Td>
        {apiKey.revoked_at !== null ? (
          <Status tone="quiet">Revoked</Status>
        ) : expired ? (
          <Status tone="quiet">Expired</Status>
        ) : (
          <>
            <Status tone="good">Active</Status>{' '}
            {apiKey.expires_at !== null && (
              <>
                until <Time at={apiKey.expires_at} as="short" />
              </>
            )}
          </>
        )}
      </Table.Td>
      <Table.Td ta="right">
        {!dead && onRevoke !== undefined && (
          <Button variant="default" size="compact-sm" onClick={onRevoke} aria-label={`Revoke ${apiKey.name}`}>
            Revoke
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

const LIFETIMES = [
  { value: '', label: 'No end' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
];

const DAY_MS = 86_400_000;

/** What an application that asks for decisions needs. */
const USUAL = ['predictions:write', 'labels:write', 'decisions:read', 'tasks:read'];

function NewKeyDialog({ opened, onClose, onMade }: { opened: boolean; onClose(): void; onMade(secret: string): void }) {
  const { scopes: own } = useSession();
  const [name, setName] = useState('');
  const [days, setDays] = useState('');
  const [scopes, setScopes] = useState<string[]>(() => USUAL.filter((scope) => own.includes(scope)));
  const make = useMutation({
    mutationFn: () =>
      client.keys.create({
        name: name.trim(),
        scopes,
        ...(days === '' ? {} : { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
      }),
    onSuccess: ({ secret }) => {
      setName('');
      onMade(secret);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Modal opened={opened} onClose={onClose} title="New API key" size="lg">
      <form onSubmit={submit}>
        <Group grow align="flex-start">
          <TextInput
            label="Name"
            placeholder="Shop backend"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            required
            data-autofocus
          />
          <Select label="Ends after" data={LIFETIMES} value={days} onChange={(value) => setDays(value ?? '')} />
        </Group>
        <Checkbox.Group
          label="Scopes"
          description="A key can never do more than you."
          value={scopes}
          onChange={setScopes}
          mt="md"
        >
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} mt={10} spacing={8} verticalSpacing={8}>
            {own.map((scope) => (
              <Checkbox key={scope} value={scope} label={scope} size="sm" />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        {make.error !== null && (
          <Text c="var(--bad)" mt="sm" role="alert">
            {explain(make.error).detail}
          </Text>
        )}
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={name.trim() === '' || scopes.length === 0} loading={make.isPending}>
            Make the key
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
