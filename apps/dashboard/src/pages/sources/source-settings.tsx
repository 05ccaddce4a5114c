import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Source, StaleVersion } from '@understudy/client';
import { type FormEvent, useState } from 'react';
import { client } from '../../api/client.ts';
import { Stacked } from '../../components/columns.tsx';
import { notifyDone } from '../../components/notify.ts';
import { Problems } from '../../components/problems.tsx';
import { draftOf, draftProblem, requestOf, type SourceDraft } from './source-draft.ts';
import { SourceForm } from './source-form.tsx';
import classes from './source-page.module.css';

interface SourceSettingsProps {
  source: Source;
  etag: string;
  readOnly: boolean;
}

/**
 * How a source is set up; saved as a whole. The draft remembers the version that it began with, so that what somebody
 * else changes meanwhile is not overwritten by accident.
 */
export function SourceSettings({ source, etag, readOnly }: SourceSettingsProps) {
  const cache = useQueryClient();
  const [draft, setDraft] = useState<{ values: SourceDraft; etag: string } | null>(null);
  const shown = draft?.values ?? draftOf(source);
  const problem = draft === null ? null : draftProblem(draft.values);
  const save = useMutation({
    mutationFn: ({ values, over }: { values: SourceDraft; over: boolean }) =>
      client.sources.put(source.source, requestOf(values), over ? {} : { ifMatch: draft?.etag ?? etag }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['sources'] });
      setDraft(null);
      notifyDone('Saved. Messages are read like this from now on.');
    },
  });
  const send = (over: boolean) => {
    if (draft !== null && problem === null) save.mutate({ values: draft.values, over });
  };
  const drop = () => {
    save.reset();
    setDraft(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(false);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stacked>
        <SourceForm
          draft={shown}
          onChange={(values) => setDraft((old) => ({ values, etag: old?.etag ?? etag }))}
          readOnly={readOnly}
        />
        {!readOnly && (
          <div>
            {problem !== null && (
              <p role="alert" className={classes.missing}>
                {problem}
              </p>
            )}
            {save.error instanceof StaleVersion ? (
              <div className={classes.conflict} role="alert">
                <p>
                  <strong>Somebody else has changed this source meanwhile.</strong> Nothing of yours is saved yet.
                </p>
                <Group gap="xs">
                  <Button size="xs" onClick={() => send(true)} loading={save.isPending}>
                    Save mine over theirs
                  </Button>
                  <Button size="xs" variant="default" onClick={drop}>
                    Take theirs, drop mine
                  </Button>
                </Group>
              </div>
            ) : (
              save.error !== null && <Problems error={save.error} />
            )}
            <Group gap="xs" mt={save.error === null ? 0 : 'md'}>
              <Button type="submit" loading={save.isPending} disabled={draft === null || problem !== null}>
                Save
              </Button>
              {draft !== null && (
                <Button variant="default" disabled={save.isPending} onClick={drop}>
                  Discard
                </Button>
              )}
            </Group>
          </div>
        )}
      </Stacked>
    </form>
  );
}
