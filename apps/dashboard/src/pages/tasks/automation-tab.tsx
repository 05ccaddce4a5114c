import { useQuery } from '@tanstack/react-query';
import type { Task } from '@understudy/client';
import { reviewQueuesQuery } from '../../api/resources.ts';
import { LoadingBlock } from '../../components/states.tsx';
import { useScopes } from '../../session/session.ts';
import { AlertsPanel } from '../overview/alerts-panel.tsx';
import { overviewQuery, savingsQuery } from '../overview/overview-queries.ts';
import type { Period } from '../overview/period.ts';
import { CertificatePanel } from './certificate-panel.tsx';
import { DialPanel, type DialPanelProps } from './dial-panel.tsx';
import { TaskFigures } from './task-figures.tsx';
import { certificationQuery, taskAlertsQuery } from './task-queries.ts';

interface AutomationTabProps extends Omit<DialPanelProps, 'task'> {
  task: Task;
  period: Period;
}

/** What the task may decide alone: figures, certificate, dial. Shown at once, so that nothing pushes anything down. */
export function AutomationTab({ task, period, ...dial }: AutomationTabProps) {
  const may = useScopes();
  const alerts = useQuery({ ...taskAlertsQuery(task.task), enabled: may('alerts:read') });
  const loading = [
    alerts,
    useQuery({ ...certificationQuery(task.task), enabled: may('training:read') }),
    useQuery({ ...overviewQuery(period), enabled: may('quality:read') }),
    useQuery({ ...savingsQuery(period), enabled: may('value:read') }),
    useQuery({ ...reviewQueuesQuery(), enabled: may('review:read') }),
  ].some((query) => query.isLoading);
  if (loading) {
    return (
      <>
        <LoadingBlock height={112} />
        <LoadingBlock height={260} />
        <LoadingBlock height={360} />
      </>
    );
  }
  return (
    <>
      {may('alerts:read') && <AlertsPanel query={alerts} />}
      {may('quality:read') && <TaskFigures task={task.task} period={period} />}
      {may('training:read') && <CertificatePanel task={task} />}
      <DialPanel task={task} {...dial} />
    </>
  );
}
