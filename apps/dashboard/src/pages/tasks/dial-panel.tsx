import { Button, Group, NumberInput, Slider } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Conflict, type Task } from '@understudy/client';
import { useEffect, useState } from 'react';
import { client } from '../../api/client.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { percent } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { asSet, budgetProblem, inWords, percentageOf, shareOf } from './budget.ts';
import type { Budget } from './budget-fields.tsx';
import { DialCurve } from './dial-curve.tsx';
import { DialOutcome } from './dial-outcome.tsx';
import classes from './dial-panel.module.css';
import { budgetStops, confidenceStops, placeOf, stopAt } from './dial-scale.ts';
import { certificationQuery, definitionOf, previewQuery } from './task-queries.ts';

export interface DialPanelProps {
  task: Task;
  /** From the address, in percent. */
  budget: number | undefined;
  confidence: number | undefined;
  /** What is tried, for the address; nothing = as it is. */
  onMove(moved: { budget?: number; confidence?: number }): void;
}

const same = (a: number, b: number) => Math.abs(a - b) < 1e-9;

/** The error budget as a dial: what another one would mean, before it is applied. */
export function DialPanel({ task, budget, confidence, onMove }: DialPanelProps) {
  const may = useScopes();
  const now = task.error_budget;
  const [tried, setTried] = useState<Budget>({
    max_error: budget === undefined ? now.max_error : shareOf(budget),
    confidence: confidence === undefined ? now.confidence : shareOf(confidence),
  });
  const [asking, setAsking] = useState(false);
  const [settled] = useDebouncedValue(tried, 120);
  const problem = budgetProblem(tried.max_error, tried.confidence);
  const moved = !same(tried.max_error, now.max_error) || !same(tried.confidence, now.confidence);
  const valid = budgetProblem(settled.max_error, settled.confidence) === null;
  const certification = useQuery({ ...certificationQuery(task.task), enabled: may('training:read') });
  const hasModel = certification.data !== undefined && certification.data.valid_for !== null;
  const query = useQuery({
    ...previewQuery(task.task, { maxError: settled.max_error, confidence: settled.confidence }),
    enabled: valid && hasModel && may('training:read'),
  });
  useTold(settled, now, onMove);
  const apply = useApply(task.task);
  const noModel = certification.data !== undefined && !hasModel;
  const nothingYet = noModel
    ? 'the task has no model yet'
    : query.error instanceof Conflict
      ? query.error.detail
      : null;
  const asked = query.data?.asked ?? undefined;
  const fresh =
    asked !== undefined && same(asked.max_error, tried.max_error) && same(asked.confidence, tried.confidence);
  return (
    <Panel
      title={<Term name="error budget">Error budget</Term>}
      description="Move the dial to see what another budget would mean. Nothing changes until you apply it."
    >
      <div className={classes.columns}>
        <div className={classes.controls}>
          <div className={classes.field}>
            <NumberInput
              label="May be wrong"
              suffix=" %"
              value={Number.isFinite(tried.max_error) ? percentageOf(tried.max_error) : ''}
              onChange={(value) => setTried({ ...tried, max_error: numberOf(value) })}
              min={0}
              max={100}
              step={0.5}
              decimalScale={3}
              clampBehavior="none"
              w={104}
              {...(problem !== null && { error: true })}
            />
            <div className={classes.dial}>
              <DialCurve
                positions={query.data?.dial ?? []}
                now={now.max_error}
                tried={tried.max_error}
                coverage={fresh ? asked.expected_coverage : undefined}
              />
              <Slider
                thumbLabel="Share that may be wrong"
                thumbValueText={asSet(tried.max_error)}
                label={null}
                min={0}
                max={budgetStops.length - 1}
                step={1}
                value={placeOf(tried.max_error, budgetStops)}
                onChange={(place) => {
                  if (!same(place, placeOf(tried.max_error, budgetStops)))
                    setTried({ ...tried, max_error: stopAt(place, budgetStops) });
                }}
              />
            </div>
          </div>
          <div className={classes.field}>
            <NumberInput
              label={<Term name="confidence level">How sure</Term>}
              aria-label="How sure"
              suffix=" %"
              value={Number.isFinite(tried.confidence) ? percentageOf(tried.confidence) : ''}
              onChange={(value) => setTried({ ...tried, confidence: numberOf(value) })}
              min={50}
              max={100}
              step={1}
              decimalScale={3}
              clampBehavior="none"
              w={104}
            />
            <div className={classes.slider}>
              <Slider
                thumbLabel="How sure the promise is"
                thumbValueText={asSet(tried.confidence)}
                label={null}
                min={0}
                max={confidenceStops.length - 1}
                step={1}
                value={placeOf(tried.confidence, confidenceStops)}
                onChange={(place) => {
                  if (!same(place, placeOf(tried.confidence, confidenceStops)))
                    setTried({ ...tried, confidence: stopAt(place, confidenceStops) });
                }}
              />
            </div>
          </div>
          <p className={classes.words} aria-live="polite" data-bad={problem !== null || undefined}>
            {problem ??
              `At most ${inWords(tried.max_error)} of the answers given alone are wrong, and that is ${asSet(tried.confidence)} sure.`}
          </p>
          {may('tasks:write') && (
            <Group gap="xs">
              <Button onClick={() => setAsking(true)} disabled={!moved || problem !== null}>
                Apply this budget
              </Button>
              <Button variant="default" onClick={() => setTried({ ...now })} disabled={!moved}>
                Back to {asSet(now.max_error)}, {asSet(now.confidence)} sure
              </Button>
            </Group>
          )}
        </div>
        <div className={classes.outcome}>
          {nothingYet !== null || (query.data === undefined && query.error !== null) ? (
            nothingYet !== null ? (
              <p className={classes.nothing}>
                What a budget would mean can be calculated as soon as there is a model: {nothingYet}.
              </p>
            ) : (
              <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
            )
          ) : (
            <DialOutcome
              present={query.data?.present}
              asked={problem === null ? asked : undefined}
              moved={moved}
              fresh={fresh}
              decisions={query.data?.decisions_last_30_days ?? null}
            />
          )}
        </div>
      </div>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Apply this error budget?"
        action="Apply"
        onConfirm={() => apply(tried)}
      >
        <p style={{ marginTop: 0 }}>
          From {asSet(now.max_error)} ({asSet(now.confidence)} sure) to <strong>{asSet(tried.max_error)}</strong> (
          {asSet(tried.confidence)} sure). The certificate is made anew at once.
        </p>
        {fresh && <p style={{ marginBottom: 0 }}>{consequence(asked)}</p>}
      </ConfirmDialog>
    </Panel>
  );
}

function consequence(asked: { status: string; expected_coverage: number }): string {
  return asked.status === 'certified'
    ? `About ${percent(asked.expected_coverage, 0)} of all items will be answered without a person.`
    : 'With the examples that there are, this cannot be proven yet: people will decide everything until it can.';
}

/** The address follows the dial when it rests. */
function useTold(settled: Budget, now: Budget, onMove: DialPanelProps['onMove']): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once for each resting place, whoever listens
  useEffect(() => {
    if (budgetProblem(settled.max_error, settled.confidence) !== null) return;
    onMove({
      ...(same(settled.max_error, now.max_error) ? {} : { budget: percentageOf(settled.max_error) }),
      ...(same(settled.confidence, now.confidence) ? {} : { confidence: percentageOf(settled.confidence) }),
    });
  }, [settled.max_error, settled.confidence, now.max_error, now.confidence]);
}

function useApply(slug: string) {
  const cache = useQueryClient();
  return async (error_budget: Budget) => {
    const { task, etag } = await client.tasks.getWithEtag(slug);
    await client.tasks.put(slug, { ...definitionOf(task), error_budget }, { ifMatch: etag });
    await Promise.all(
      ['tasks', 'certification', 'overview'].map((key) => cache.invalidateQueries({ queryKey: [key] })),
    );
  };
}

const numberOf = (value: number | string): number =>
  typeof value === 'number' ? shareOf(value) : value.trim() === '' ? Number.NaN : shareOf(Number(value));
