import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { StaleVersion, type Task, type TaskDefinition } from '@understudy/client';
import { type FormEvent, type ReactNode, useState } from 'react';
import { client } from '../../api/client.ts';
import { Problems } from '../../components/problems.tsx';
import classes from './task-form.module.css';
import { definitionOf, editableTaskQuery } from './task-queries.ts';

export interface TaskFormState<V> {
  /** Undefined while the task loads. */
  values: V | undefined;
  dirty: boolean;
  saving: boolean;
  error: unknown;
  change(values: V): void;
  discard(): void;
  /** `over`: on top of what somebody else has saved meanwhile. */
  save(over?: boolean): Promise<Task>;
}

/**
 * A part of a task’s definition as a form. The draft remembers the version that it began with, so that an edit of
 * somebody else’s is never overwritten by accident; untouched forms follow the task as it changes.
 */
export function useTaskForm<V>(
  slug: string,
  read: (task: Task) => V,
  write: (values: V) => Partial<TaskDefinition>,
): TaskFormState<V> {
  const cache = useQueryClient();
  const { data } = useQuery(editableTaskQuery(slug));
  const [draft, setDraft] = useState<{ etag: string; values: V } | null>(null);
  const values = draft?.values ?? (data === undefined ? undefined : read(data.task));
  const mutation = useMutation({
    mutationFn: async (over: boolean) => {
      const base = over || data === undefined ? await client.tasks.getWithEtag(slug) : data;
      const ifMatch = over || draft === null ? base.etag : draft.etag;
      const definition = { ...definitionOf(base.task), ...(values === undefined ? {} : write(values)) };
      return client.tasks.put(slug, definition, { ifMatch });
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['tasks'] });
      setDraft(null);
      for (const key of ['certification', 'overview', 'retraining']) void cache.invalidateQueries({ queryKey: [key] });
    },
  });
  return {
    values,
    dirty: draft !== null,
    saving: mutation.isPending,
    error: mutation.error,
    change: (next) => {
      setDraft((old) => ({ etag: old?.etag ?? data?.etag ?? '', values: next }));
    },
    discard: () => {
      mutation.reset();
      setDraft(null);
      void cache.invalidateQueries({ queryKey: ['tasks', slug] });
    },
    save: (over = false) => mutation.mutateAsync(over),
  };
}

interface TaskFormProps {
  form: Pick<TaskFormState<unknown>, 'dirty' | 'saving' | 'error' | 'discard' | 'save'>;
  /** What is wrong with what was written; it cannot be saved as it is. */
  problem?: string | null;
  /** Instead of “Save”. */
  action?: string;
  /** The button works even when nothing was changed: a wizard goes on. */
  always?: boolean;
  readOnly?: boolean;
  onSaved?(): void;
  extra?: ReactNode;
  children: ReactNode;
}

/** The fields, what went wrong, and the buttons. */
export function TaskForm({ form, problem, action, always, readOnly, onSaved, extra, children }: TaskFormProps) {
  const save = async (over: boolean) => {
    try {
      if (form.dirty || over) await form.save(over);
      onSaved?.();
    } catch {
      // it stands in form.error, below
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem == null && !form.saving) void save(false);
  };
  const conflict = form.error instanceof StaleVersion;
  return (
    <form onSubmit={submit} noValidate>
      <fieldset className={classes.fields} disabled={readOnly === true}>
        {children}
      </fieldset>
      {problem != null && form.dirty && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      {conflict ? (
        <div className={classes.conflict} role="alert">
          <p>
            <strong>Somebody else has changed this task meanwhile.</strong> Nothing of yours is saved yet, and nothing
            of theirs is lost. Your form changes only what you see in it.
          </p>
          <Group gap="xs">
            <Button size="xs" onClick={() => void save(true)} loading={form.saving}>
              Save mine on top of theirs
            </Button>
            <Button size="xs" variant="default" onClick={form.discard}>
              Take theirs, drop mine
            </Button>
          </Group>
        </div>
      ) : (
        form.error !== null && form.error !== undefined && <Problems error={form.error} />
      )}
      {readOnly !== true && (
        <Group gap="xs" mt="md">
          <Button type="submit" loading={form.saving} disabled={(!form.dirty && always !== true) || problem != null}>
            {action ?? 'Save'}
          </Button>
          {form.dirty && (
            <Button variant="default" onClick={form.discard} disabled={form.saving}>
              Discard
            </Button>
          )}
          {extra}
        </Group>
      )}
    </form>
  );
}
