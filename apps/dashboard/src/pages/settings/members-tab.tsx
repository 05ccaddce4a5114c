import { ActionIcon, Button, Group, Menu, Modal, Select, Table, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Member } from '@understudy/client';
import { type FormEvent, useState } from 'react';
import { client } from '../../api/client.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { Empty, explain } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { useScopes, useSession } from '../../session/session.ts';
import { IconDots, IconPlus, IconUsers } from '../../theme/icons.ts';
import { nameOfRole, type RoleName, roles } from './roles.ts';
import { membersQuery } from './settings-queries.ts';

/** The people of the workspace, and how they get in. */
export function MembersTab() {
  const members = useQuery(membersQuery());
  const may = useScopes();
  const cache = useQueryClient();
  const [adding, { open, close }] = useDisclosure(false);
  const [link, setLink] = useState<string | null>(null);
  const [removing, setRemoving] = useState<Member | null>(null);
  const reload = () => cache.invalidateQueries({ queryKey: membersQuery().queryKey });
  const act = (work: Promise<unknown>) =>
    work.then(reload).catch((error: unknown) => {
      notifications.show({ color: 'red', title: 'This did not work', message: explain(error).detail });
    });
  return (
    <Panel
      flush
      title="Members"
      description="People sign in with a link that works once; send it to them the way you trust."
      actions={
        may('members:write') && (
          <Button leftSection={<IconPlus size={15} />} onClick={open}>
            Add a member
          </Button>
        )
      }
    >
      <QueryView
        query={members}
        isEmpty={(rows) => rows.length === 0}
        empty={
          <Empty title="Nobody but keys so far" icon={<IconUsers size={22} />}>
            Add reviewers and colleagues; each sees what their role may.
          </Empty>
        }
      >
        {(rows) => (
          <DataTable
            caption="Members"
            columns={[
              { head: 'Name' },
              { head: 'Role' },
              { head: 'Last seen' },
              { head: 'State' },
              { head: 'Actions', hidden: true },
            ]}
          >
            {rows.map((member) => (
              <Table.Tr key={member.id}>
                <Table.Td>
                  {member.name}
                  {member.email !== null && (
                    <Text size="sm" c="dimmed" component="div">
                      {member.email}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{nameOfRole(member.role)}</Table.Td>
                <Table.Td>{member.last_seen_at === null ? 'never' : <Time at={member.last_seen_at} />}</Table.Td>
                <Table.Td>
                  {member.active ? <Status tone="good">Active</Status> : <Status tone="quiet">Inactive</Status>}
                </Table.Td>
                <Table.Td ta="right">
                  {may('members:write') && (
                    <MemberMenu
                      member={member}
                      onLink={() =>
                        void act(
                          client.members
                            .signInCode(member.id)
                            .then(({ path }) => setLink(`${window.location.origin}${path}`)),
                        )
                      }
                      onChange={(change) => void act(client.members.change(member.id, change))}
                      onRemove={() => setRemoving(member)}
                    />
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </DataTable>
        )}
      </QueryView>
      <NewMemberDialog
        opened={adding}
        onClose={close}
        onAdded={(path) => {
          close();
          setLink(`${window.location.origin}${path}`);
          void reload();
        }}
      />
      <SecretDialog title="Sign-in link" secret={link} onClose={() => setLink(null)}>
        It works once and not for long. Whoever opens it first is signed in as this member.
      </SecretDialog>
      <ConfirmDialog
        opened={removing !== null}
        title={`Remove ${removing?.name}?`}
        action="Remove"
        dangerous
        onConfirm={async () => {
          await client.members.remove(removing!.id);
          await reload();
        }}
        onClose={() => setRemoving(null)}
      >
        They are signed out everywhere within five seconds. What they did stays on record.
      </ConfirmDialog>
    </Panel>
  );
}

interface MemberMenuProps {
  member: Member;
  onLink(): void;
  onChange(change: { role?: RoleName; active?: boolean }): void;
  onRemove(): void;
}

function MemberMenu({ member, onLink, onChange, onRemove }: MemberMenuProps) {
  const { principal } = useSession();
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${member.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onLink} disabled={!member.active}>
          Make a sign-in link
        </Menu.Item>
        {member.id !== principal.id && (
          <>
            <Menu.Label>Role</Menu.Label>
            {roles
              .filter(({ value }) => value !== member.role)
              .map(({ value, name }) => (
                <Menu.Item key={value} onClick={() => onChange({ role: value })}>
                  Make {name.toLowerCase()}
                </Menu.Item>
              ))}
            <Menu.Divider />
            <Menu.Item onClick={() => onChange({ active: !member.active })}>
              {member.active ? 'Lock out' : 'Let in again'}
            </Menu.Item>
            <Menu.Item onClick={onRemove}>Remove</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function NewMemberDialog({
  opened,
  onClose,
  onAdded,
}: {
  opened: boolean;
  onClose(): void;
  onAdded(path: string): void;
}) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<RoleName>('reviewer');
  const add = useMutation({
    mutationFn: async () => {
      const member = await client.members.add({
        name: name.trim(),
        role,
        ...(email.trim() === '' ? {} : { email: email.trim() }),
      });
      return client.members.signInCode(member.id);
    },
    onSuccess: ({ path }) => {
      setName('');
      setEmail('');
      onAdded(path);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  const chosen = roles.find(({ value }) => value === role);
  return (
    <Modal opened={opened} onClose={onClose} title="Add a member">
      <form onSubmit={submit}>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={200}
          required
          data-autofocus
        />
        <TextInput
          mt="sm"
          label="E-mail"
          description="To tell people apart; nothing is sent to it."
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          maxLength={254}
        />
        <Select
          mt="sm"
          label="Role"
          description={chosen?.words}
          data={roles.map(({ value, name: words }) => ({ value, label: words }))}
          value={role}
          onChange={(value) => setRole((value ?? 'reviewer') as RoleName)}
        />
        {add.error !== null && (
          <Text c="var(--bad)" mt="sm" role="alert">
            {explain(add.error).detail}
          </Text>
        )}
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={name.trim() === ''} loading={add.isPending}>
            Add
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
