import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Task } from '@understudy/client';
import { type FormEvent, useState } from 'react';
import { client } from '../../api/client.ts';
import { Panel } from '../../components/panel.tsx';
import { explain } from '../../components/states.tsx';
import { IconTrash } from '../../theme/icons.ts';
import classes from './task-form.module.css';

/** Deleting wants the task’s name typed: it is not undone. */
export function DeleteTask({ task }: { task: Task }) {
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    mutationFn: () => client.tasks.delete(task.task),
    onSuccess: async () => {
      setAsking(false);
      await navigate({ to: '/tasks' });
      cache.removeQueries({ queryKey: ['tasks', task.task] });
      await cache.invalidateQueries({ queryKey: ['tasks'] });
      void cache.invalidateQueries({ queryKey: ['overview'] });
    },
  });
  const close = () => {
    if (remove.isPending) return;
    setAsking(false);
    setTyped('');
    remove.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed === task.task) remove.mutate();
  };
  return (
    <Panel title="Delete this task">
      <p className={classes.hint} style={{ marginBottom: 12 }}>
        Its decisions stay in the ledger, but nobody can ask it any more, and what waits for review is closed.
      </p>
      <Button color="red" variant="light" leftSection={<IconTrash size={15} />} onClick={() => setAsking(true)}>
        Delete …
      </Button>
      <Modal opened={asking} onClose={close} title={`Delete “${task.title}”?`}>
        <form onSubmit={submit}>
          <Text size="md">This cannot be undone. Applications that ask this task will be refused from now on.</Text>
          <TextInput
            mt="md"
            label={
              <>
                Type <span className="mono">{task.task}</span> to delete it
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
          {remove.error !== null && (
            <Text c="var(--bad)" mt="sm" role="alert">
              {explain(remove.error).detail}
            </Text>
          )}
          <Group justify="flex-end" mt="lg" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" color="red" loading={remove.isPending} disabled={typed !== task.task}>
              Delete
            </Button>
          </Group>
        </form>
      </Modal>
    </Panel>
  );
}
