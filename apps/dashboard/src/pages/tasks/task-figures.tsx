import { useQuery } from '@tanstack/react-query';
import { Figure, Figures } from '../../components/figure.tsx';
import { LoadingBlock } from '../../components/states.tsx';
import { Headline } from '../overview/headline.tsx';
import { overviewQuery } from '../overview/overview-queries.ts';
import type { Period } from '../overview/period.ts';

/** The headline of one task; the same figures as on the overview, by the same request. */
export function TaskFigures({ task, period }: { task: string; period: Period }) {
  const { data, error } = useQuery(overviewQuery(period));
  if (data === undefined) {
    if (error === null) return <LoadingBlock height={112} />;
    return (
      <Figures>
        <Figure name="Figures" value="–" detail="They could not be loaded; it is tried again." />
      </Figures>
    );
  }
  const one = data.tasks.find((row) => row.task === task);
  // A task that was made a moment ago: the next figures have it.
  if (one === undefined) return <LoadingBlock height={112} />;
  return <Headline overview={data} period={period} task={one} />;
}
