import { Button, Group, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { DeadLetter } from '@understudy/client';
import { type FormEvent, useState } from 'react';
import { Panel } from '../../components/panel.tsx';
import { explain } from '../../components/states.tsx';
import classes from './dead-letters.module.css';
import { editableOf, editOf } from './editable.ts';
import { useReplay } from './replay.ts';

/** Sends a letter on its way again, as it is or changed. */
export function ReplayPanel({ letter }: { letter: DeadLetter }) {
  const replay = useReplay();
  const original = editableOf(letter);
  const [text, setText] = useState<string | null>(null);
  const editing = text !== null;
  const edit = text === null ? null : editOf(letter, text);
  const changed = editing && text !== original;
  const send = useMutation({
    mutationFn: async () => {
      const edits = changed && edit !== null ? { edits: [{ id: letter.id, input: edit.input }] } : {};
      const { refused } = await replay({ ids: [letter.id], ...edits });
      if (refused[0] !== undefined) throw new Refused(refused[0].detail);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (edit?.problem == null) send.mutate();
  };
  return (
    <Panel
      title="Send it on its way again"
      description={
        original === null
          ? 'As it is: what is in it cannot be edited here.'
          : letter.origin.kind === 'job'
            ? 'As it is, or with another input.'
            : 'As it is, or with another content.'
      }
    >
      <form onSubmit={submit}>
        {editing && (
          <Textarea
            label={letter.origin.kind === 'job' ? 'Input' : 'Content'}
            className={classes.editor ?? ''}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            error={edit?.problem}
            autosize
            minRows={4}
            maxRows={20}
            mb="md"
            spellCheck={false}
          />
        )}
        {send.error !== null && (
          <p className={classes.reason} role="alert" style={{ color: 'var(--bad)', marginBottom: 12 }}>
            {send.error instanceof Refused ? send.error.message : explain(send.error).detail}
          </p>
        )}
        <Group gap="xs">
          <Button type="submit" loading={send.isPending} disabled={edit?.problem != null}>
            {changed ? 'Replay as changed' : 'Replay'}
          </Button>
          {original !== null &&
            (editing ? (
              <Button variant="default" onClick={() => setText(null)} disabled={send.isPending}>
                Leave it as it was
              </Button>
            ) : (
              <Button variant="default" onClick={() => setText(original)}>
                Edit …
              </Button>
            ))}
        </Group>
      </form>
    </Panel>
  );
}

/** The server left the letter where it is, and said why. */
class Refused extends Error {}
