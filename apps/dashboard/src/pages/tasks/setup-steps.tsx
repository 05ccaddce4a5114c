import { PlainLink } from '../../components/links.tsx';
import classes from './setup-steps.module.css';
import { type SetupStep, setupSteps } from './task-search.ts';

export const stepNames: Record<SetupStep, string> = {
  answers: 'Question and answers',
  budget: 'Error budget',
  costs: 'Costs',
  instructions: 'Instructions',
  import: 'Examples',
  train: 'Training',
};

/** Where one is in the wizard. Every step of a task that exists can be gone to at any time. */
export function SetupSteps({ current, task }: { current: SetupStep; task: string | null }) {
  const at = setupSteps.indexOf(current);
  return (
    // Without links in it, what scrolls has to be reachable with the keyboard by itself.
    <nav aria-label="Steps" className={classes.nav} {...(task === null && { tabIndex: 0 })}>
      <ol className={classes.steps}>
        {setupSteps.map((step, index) => {
          const content = (
            <>
              <span className={classes.number} aria-hidden="true">
                {index + 1}
              </span>
              {stepNames[step]}
            </>
          );
          return (
            <li key={step} data-current={step === current || undefined} data-past={index < at || undefined}>
              {task === null || step === current ? (
                <span className={classes.step} aria-current={step === current ? 'step' : undefined}>
                  {content}
                </span>
              ) : (
                <PlainLink to="/tasks/$task/setup" params={{ task }} search={{ step }} className={classes.step}>
                  {content}
                </PlainLink>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
