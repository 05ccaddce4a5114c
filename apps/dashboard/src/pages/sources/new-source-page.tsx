import { Button, Group, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { client } from '../../api/client.ts';
import { BackLink } from '../../components/back-link.tsx';
import { Stacked } from '../../components/columns.tsx';
import { Page } from '../../components/page.tsx';
import { Problems } from '../../components/problems.tsx';
import { SLUG } from '../../search-params.ts';
import { draftProblem, emptyDraft, requestOf } from './source-draft.ts';
import formClasses from './source-form.module.css';
import { SourceForm } from './source-form.tsx';
import classes from './source-page.module.css';

const route = getRouteApi('/shell/new-source');

/** Binds a topic to a task. */
export function NewSourcePage() {
  const navigate = route.useNavigate();
  const cache = useQueryClient();
  const [name, setName] = useState('');
  const [draft, setDraft] = useState(emptyDraft);
  const [tried, setTried] = useState(false);
  const create = useMutation({
    mutationFn: () => client.sources.put(name, requestOf(draft), { createOnly: true }),
    onSuccess: async ({ source }) => {
      await cache.invalidateQueries({ queryKey: ['sources'] });
      await navigate({ to: '/sources/$source', params: { source } });
    },
  });
  const problem = SLUG.test(name)
    ? draftProblem(draft)
    : 'The name has small letters, digits and hyphens, and begins with a letter.';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem === null) create.mutate();
  };
  return (
    <Page
      title="New source"
      above={<BackLink to="/sources">Sources</BackLink>}
      description="Messages are acknowledged only once their decisions are kept. One that comes twice is decided once."
    >
      <form onSubmit={submit} noValidate>
        <Stacked>
          <SourceForm
            draft={draft}
            onChange={setDraft}
            before={
              <TextInput
                label="Name"
                description="It stands in addresses: small letters, digits and hyphens"
                className={formClasses.path ?? ''}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                maxLength={63}
                spellCheck={false}
              />
            }
          />
          <div>
            {tried && problem !== null && (
              <p role="alert" className={classes.missing}>
                {problem}
              </p>
            )}
            {create.error !== null && <Problems error={create.error} />}
            <Group gap="xs" mt={create.error === null ? 0 : 'md'}>
              <Button type="submit" loading={create.isPending}>
                Create the source
              </Button>
            </Group>
          </div>
        </Stacked>
      </form>
    </Page>
  );
}
