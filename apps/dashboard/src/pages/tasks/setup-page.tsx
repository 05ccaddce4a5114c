import { Button, Group, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ButtonLink, TextLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { LoadingRows } from '../../components/states.tsx';
import { asSet, budgetProblem, inWords } from './budget.ts';
import { BudgetFields } from './budget-fields.tsx';
import { EconomicsFields, economicsProblem } from './economics-fields.tsx';
import { ImportPanel } from './import-panel.tsx';
import { cleanLabels, LabelFields, labelProblem } from './label-fields.tsx';
import { SetupSteps, stepNames } from './setup-steps.tsx';
import formClasses from './task-form.module.css';
import { TaskForm, useTaskForm } from './task-form.tsx';
import { editableTaskQuery } from './task-queries.ts';
import { type SetupStep, setupSteps } from './task-search.ts';
import { TrainPanel } from './train-panel.tsx';

const route = getRouteApi('/shell/tasks/$task/setup');

const intro: Record<SetupStep, string> = {
  answers: 'What people and the model choose from.',
  budget:
    'How many of the answers that are given without a person may be wrong. Until it is proven that fewer are, people decide everything; nothing goes wrong by itself.',
  costs: 'What work and mistakes cost you. The savings in the value report are calculated from these figures, openly.',
  instructions: 'How people decide. Reviewers see it beside each item. Markdown is fine.',
  import:
    'Texts with their right answers, if you have some. You can also go on without: people’s answers become examples.',
  train: 'The model learns from the examples, and is then tested on others.',
};

/** The wizard of a task that exists: each step is saved by itself and has an address of its own. */
export function SetupPage() {
  const { task: slug } = route.useParams();
  const { step = 'budget', run } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(editableTaskQuery(slug));
  const following = setupSteps[setupSteps.indexOf(step) + 1];
  const go = () => {
    if (following !== undefined) void navigate({ search: { step: following } });
  };
  const skip =
    following === undefined ? null : (
      <ButtonLink variant="subtle" to="/tasks/$task/setup" params={{ task: slug }} search={{ step: following }}>
        Skip
      </ButtonLink>
    );
  return (
    <Page
      title={query.data?.task.title ?? slug}
      tabTitle={`${stepNames[step]} · ${query.data?.task.title ?? slug}`}
      above={
        <>
          <TextLink to="/tasks">Tasks</TextLink>
          {' / '}
          <TextLink to="/tasks/$task" params={{ task: slug }}>
            {query.data?.task.title ?? slug}
          </TextLink>
        </>
      }
      description={intro[step]}
    >
      <Panel>
        <SetupSteps current={step} task={slug} />
        <QueryView query={query} loading={<LoadingRows rows={5} />}>
          {() => (
            <>
              {step === 'answers' && <AnswersStep slug={slug} onSaved={go} />}
              {step === 'budget' && <BudgetStep slug={slug} onSaved={go} extra={skip} />}
              {step === 'costs' && <CostsStep slug={slug} onSaved={go} extra={skip} />}
              {step === 'instructions' && <InstructionsStep slug={slug} onSaved={go} extra={skip} />}
              {step === 'import' && (
                <>
                  <ImportPanel task={slug} />
                  <Group gap="xs" mt="md">
                    <Button onClick={go}>Go on</Button>
                  </Group>
                </>
              )}
              {step === 'train' && (
                <>
                  <TrainPanel
                    task={slug}
                    run={run}
                    onStarted={(started) => void navigate({ search: { step, run: started }, replace: true })}
                  />
                  <Group gap="xs" mt="lg">
                    <ButtonLink
                      to="/tasks/$task"
                      params={{ task: slug }}
                      variant={run === undefined ? 'subtle' : 'filled'}
                    >
                      {run === undefined ? 'Later; to the task' : 'To the task'}
                    </ButtonLink>
                  </Group>
                </>
              )}
            </>
          )}
        </QueryView>
      </Panel>
    </Page>
  );
}

interface StepProps {
  slug: string;
  onSaved(): void;
  extra?: ReactNode;
}

function AnswersStep({ slug, onSaved }: StepProps) {
  const form = useTaskForm(
    slug,
    (task) => task.labels,
    (labels) => ({ labels: cleanLabels(labels) }),
  );
  if (form.values === undefined) return null;
  return (
    <TaskForm form={form} problem={labelProblem(form.values)} action="Go on" always onSaved={onSaved}>
      <LabelFields labels={form.values} onChange={form.change} />
    </TaskForm>
  );
}

function BudgetStep({ slug, onSaved, extra }: StepProps) {
  const form = useTaskForm(
    slug,
    (task) => task.error_budget,
    (error_budget) => ({ error_budget }),
  );
  if (form.values === undefined) return null;
  const { max_error: maxError, confidence } = form.values;
  const problem = budgetProblem(maxError, confidence);
  return (
    <TaskForm form={form} problem={problem} action="Go on" always onSaved={onSaved} extra={extra}>
      <BudgetFields budget={form.values} onChange={form.change} />
      <p className={formClasses.hint} aria-live="polite">
        {problem === null
          ? `The promise: of the answers given without a person, at most ${inWords(maxError)} are wrong, and that is ${asSet(confidence)} sure. A smaller budget needs more examples and leaves more to people.`
          : ' '}
      </p>
    </TaskForm>
  );
}

function CostsStep({ slug, onSaved, extra }: StepProps) {
  const form = useTaskForm(
    slug,
    (task) => task.economics,
    (economics) => ({ economics }),
  );
  if (form.values === undefined) return null;
  return (
    <TaskForm form={form} problem={economicsProblem(form.values)} action="Go on" always onSaved={onSaved} extra={extra}>
      <EconomicsFields economics={form.values} onChange={form.change} />
    </TaskForm>
  );
}

function InstructionsStep({ slug, onSaved, extra }: StepProps) {
  const form = useTaskForm(
    slug,
    (task) => task.instructions,
    (instructions) => ({ instructions }),
  );
  if (form.values === undefined) return null;
  return (
    <TaskForm form={form} action="Go on" always onSaved={onSaved} extra={extra}>
      <Textarea
        label="Instructions for reviewers"
        value={form.values}
        onChange={(event) => form.change(event.currentTarget.value)}
        autosize
        minRows={8}
        maxRows={24}
        maxLength={100_000}
      />
    </TaskForm>
  );
}
