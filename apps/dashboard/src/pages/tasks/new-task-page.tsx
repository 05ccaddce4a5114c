import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { StaleVersion } from '@understudy/client';
import { type FormEvent, useState } from 'react';
import { client } from '../../api/client.ts';
import { TextLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Problems } from '../../components/problems.tsx';
import { cleanLabels, LabelFields, type Labels, labelProblem } from './label-fields.tsx';
import { SetupSteps } from './setup-steps.tsx';
import formClasses from './task-form.module.css';
import { slugOf, slugProblem } from './task-name.ts';

/** The first step of the wizard. From here on the task exists, and every further step has an address of its own. */
export function NewTaskPage() {
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [title, setTitle] = useState('');
  const [own, setOwn] = useState<string | null>(null);
  const [labels, setLabels] = useState<Labels>([{ name: '' }, { name: '' }]);
  const [tried, setTried] = useState(false);
  const slug = own ?? slugOf(title);
  const problem = title.trim() === '' ? 'Give the task a name.' : (slugProblem(slug) ?? labelProblem(labels));
  const create = useMutation({
    mutationFn: () =>
      client.tasks.put(
        slug,
        { kind: 'text_classification', title: title.trim(), labels: cleanLabels(labels) },
        { createOnly: true },
      ),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['tasks'] });
      await navigate({ to: '/tasks/$task/setup', params: { task: slug }, search: { step: 'budget' } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem === null) create.mutate();
  };
  return (
    <Page
      title="New task"
      above={<TextLink to="/tasks">Tasks</TextLink>}
      description="A task is a kind of question about a text, and the answers it can have."
    >
      <Panel>
        <SetupSteps current="answers" task={null} />
        <form onSubmit={submit} noValidate>
          <div className={formClasses.fields}>
            <TextInput
              label="Name"
              placeholder="e.g. Comment moderation"
              value={title}
              maxLength={200}
              onChange={(event) => setTitle(event.currentTarget.value)}
              data-autofocus
            />
            <TextInput
              label="Name in addresses and in the API"
              description="Cannot be changed later"
              value={slug}
              maxLength={63}
              className="mono"
              placeholder="comment-moderation"
              onChange={(event) => setOwn(event.currentTarget.value)}
            />
            <div>
              <h2 style={{ fontSize: '0.875rem', fontWeight: 560, margin: '0 0 2px' }}>Possible answers</h2>
              <p className={formClasses.hint} style={{ marginBottom: 8 }}>
                What people and the model choose from. More can be added later.
              </p>
              <LabelFields labels={labels} onChange={setLabels} />
            </div>
          </div>
          {tried && problem !== null && (
            <p className={formClasses.problem} role="alert">
              {problem}
            </p>
          )}
          {create.error instanceof StaleVersion ? (
            <p className={formClasses.problem} role="alert">
              There is a task “{slug}” already.{' '}
              <TextLink to="/tasks/$task" params={{ task: slug }}>
                Open it
              </TextLink>
              , or choose another name.
            </p>
          ) : (
            create.error !== null && <Problems error={create.error} />
          )}
          <Button type="submit" mt="lg" loading={create.isPending}>
            Create and go on
          </Button>
        </form>
      </Panel>
    </Page>
  );
}
