import type { Task } from '@understudy/client';
import { useScopes } from '../../session/session.ts';
import { DeleteTask } from './delete-task.tsx';
import { CertificationSection, RetrainingSection } from './settings-automation.tsx';
import { AnswersSection, EconomicsSection, GeneralSection } from './settings-definition.tsx';
import { AuditSection, ReviewSection } from './settings-review.tsx';

/** All that can be set of a task; each part is saved by itself. */
export function SettingsTab({ task }: { task: Task }) {
  const may = useScopes();
  const section = { slug: task.task, readOnly: !may('tasks:write') };
  return (
    <>
      <GeneralSection {...section} />
      <AnswersSection {...section} />
      <EconomicsSection {...section} />
      <AuditSection {...section} />
      <ReviewSection {...section} />
      <RetrainingSection {...section} />
      <CertificationSection {...section} />
      {may('tasks:write') && <DeleteTask task={task} />}
    </>
  );
}
