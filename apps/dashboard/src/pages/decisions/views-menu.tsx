import { ActionIcon, Button, Group, Menu, Modal, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { givenCount } from '../../search-params.ts';
import { useSession } from '../../session/session.ts';
import { IconBookmark, IconPlus, IconTrash } from '../../theme/icons.ts';
import type { DecisionsSearch } from './decisions-search.ts';
import { useSavedViews } from './saved-views.ts';

const GIVEN: readonly { name: string; search: DecisionsSearch }[] = [
  { name: 'All decisions', search: {} },
  { name: 'Went to people', search: { outcome: 'review' } },
  { name: 'Automated', search: { outcome: 'automated' } },
];

/** Filters under a name: the usual ones, and one’s own. */
export function ViewsMenu({ search, onChoose }: { search: DecisionsSearch; onChoose(search: DecisionsSearch): void }) {
  const { workspace } = useSession();
  const { views, save, remove } = useSavedViews(workspace.id);
  const [asking, { open, close }] = useDisclosure(false);
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    save(name.trim(), search);
    setName('');
    close();
  };
  return (
    <>
      <Menu width={240} position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={15} />}>
            Views
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {GIVEN.map((view) => (
            <Menu.Item key={view.name} onClick={() => onChoose(view.search)}>
              {view.name}
            </Menu.Item>
          ))}
          {views.length > 0 && <Menu.Label>Yours</Menu.Label>}
          {views.map((view) => (
            <Menu.Item key={view.name} onClick={() => onChoose(view.search)}>
              {view.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconPlus size={14} />} onClick={open} disabled={givenCount(search) === 0}>
            Save these filters
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={asking} onClose={close} title="Save these filters">
        <form onSubmit={submit}>
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={60}
            data-autofocus
            description="Kept in this browser."
          />
          {views.map((view) => (
            <Group key={view.name} justify="space-between" mt="xs" gap="xs">
              <span>{view.name}</span>
              <ActionIcon aria-label={`Delete the view ${view.name}`} onClick={() => remove(view.name)}>
                <IconTrash size={15} />
              </ActionIcon>
            </Group>
          ))}
          <Group justify="flex-end" mt="lg" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" disabled={name.trim() === ''}>
              Save
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}
