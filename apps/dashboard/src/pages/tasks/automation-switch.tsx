import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Task } from '@understudy/client';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { definitionOf } from './task-queries.ts';

/** Sends everything to people, or lets the certificate decide again. Asks first, for it takes effect at once. */
export function AutomationSwitch({ task }: { task: Task }) {
  const cache = useQueryClient();
  const [asking, setAsking] = useState(false);
  const paused = task.automation.mode === 'off';
  const change = async () => {
    const { task: now, etag } = await client.tasks.getWithEtag(task.task);
    const automation = { mode: paused ? 'certified' : 'off' } as const;
    await client.tasks.put(task.task, { ...definitionOf(now), automation }, { ifMatch: etag });
    await cache.invalidateQueries({ queryKey: ['tasks'] });
    for (const key of ['certification', 'overview']) void cache.invalidateQueries({ queryKey: [key] });
  };
  return (
    <>
      <Button variant={paused ? 'filled' : 'default'} onClick={() => setAsking(true)}>
        {paused ? 'Resume automation' : 'Pause automation'}
      </Button>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={paused ? 'Resume automation?' : 'Pause automation?'}
        action={paused ? 'Resume' : 'Pause'}
        dangerous={!paused}
        onConfirm={change}
      >
        {paused
          ? 'Answers that the certificate covers are given without a person again, from now on.'
          : `From now on, people decide every item of “${task.title}”. The certificate stays, and automation can be resumed at any time.`}
      </ConfirmDialog>
    </>
  );
}
