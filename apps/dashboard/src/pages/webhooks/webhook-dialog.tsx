import { Button, Checkbox, Group, Modal, Select, SimpleGrid, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { NewWebhook, Webhook, WebhookRequest } from '@understudy/client';
import { type FormEvent, useState } from 'react';
import { client } from '../../api/client.ts';
import { tasksQuery } from '../../api/resources.ts';
import { Problems } from '../../components/problems.tsx';
import { eventWords } from './webhook-words.tsx';

interface WebhookDialogProps {
  opened: boolean;
  /** Absent: a new one. */
  webhook?: Webhook;
  onClose(): void;
  onMade?(webhook: NewWebhook): void;
  onChanged?(webhook: Webhook): void;
}

/** Where a webhook goes and what it is told. */
export function WebhookDialog(props: WebhookDialogProps) {
  const { opened, webhook, onClose } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={webhook === undefined ? 'New webhook' : 'Change this webhook'}
      size="lg"
    >
      {/* Mounted anew each time: it begins with what is. */}
      {opened && <Form {...props} />}
    </Modal>
  );
}

type Events = WebhookRequest['events'];

function Form({ webhook, onClose, onMade, onChanged }: WebhookDialogProps) {
  const tasks = useQuery(tasksQuery());
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [task, setTask] = useState(webhook?.task ?? null);
  const [everything, setEverything] = useState(webhook?.events.includes('*') ?? false);
  const [events, setEvents] = useState<string[]>(
    webhook === undefined
      ? ['decision.made', 'decision.reviewed', 'job.finished']
      : webhook.events.filter((name) => name !== '*'),
  );
  const save = useMutation({
    mutationFn: async () => {
      const chosen = (everything ? ['*'] : events) as Events;
      if (webhook !== undefined) {
        const change = { url: url.trim(), events: chosen, task, description: description.trim() || null };
        onChanged?.(await client.webhooks.change(webhook.id, change));
        return;
      }
      const made = await client.webhooks.create({
        url: url.trim(),
        events: chosen,
        ...(task === null ? {} : { task }),
        ...(description.trim() === '' ? {} : { description: description.trim() }),
      });
      onMade?.(made);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        label="Address"
        description="Gets a POST for each event. Redirects are not followed."
        placeholder="https://shop.example/understudy"
        type="url"
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        maxLength={2048}
        required
        spellCheck={false}
        data-autofocus
      />
      <Group grow align="flex-start" mt="sm">
        <TextInput
          label="Description"
          placeholder="Shop backend"
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          maxLength={500}
        />
        <Select
          label="Only about this task"
          placeholder="All tasks"
          clearable
          searchable
          data={(tasks.data ?? []).map(({ task: value, title }) => ({ value, label: title || value }))}
          value={task}
          onChange={setTask}
        />
      </Group>
      <Switch
        mt="md"
        label="Tell it everything, also what comes to be later"
        checked={everything}
        onChange={(event) => setEverything(event.currentTarget.checked)}
      />
      {!everything && (
        <Checkbox.Group label="Tell it when" value={events} onChange={setEvents} mt="md">
          <SimpleGrid cols={{ base: 1, sm: 2 }} mt={10} spacing={10} verticalSpacing={10}>
            {Object.entries(eventWords).map(([name, words]) => (
              <Checkbox
                key={name}
                value={name}
                label={words}
                description={<span className="mono">{name}</span>}
                size="sm"
              />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
      )}
      {save.error !== null && <Problems error={save.error} />}
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose} disabled={save.isPending}>
          Cancel
        </Button>
        <Button
          type="submit"
          disabled={url.trim() === '' || (!everything && events.length === 0)}
          loading={save.isPending}
        >
          {webhook === undefined ? 'Create the webhook' : 'Save'}
        </Button>
      </Group>
    </form>
  );
}
