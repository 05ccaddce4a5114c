import { useQuery } from '@tanstack/react-query';
import type { Quality, Task } from '@understudy/client';
import { Figure, Figures } from '../../components/figure.tsx';
import { Interval } from '../../components/interval.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, LoadingBlock } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { count, microseconds, minutes, percent, percentInterval, plural } from '../../formatting/numbers.ts';
import { type Period, periodFacts } from '../overview/period.ts';
import { PeriodPicker } from '../overview/period-picker.tsx';
import { ConfidenceDistribution } from './confidence-distribution.tsx';
import { ConfusionPanel } from './confusion-panel.tsx';
import { LabelQualityPanel } from './label-quality-panel.tsx';
import classes from './quality-tab.module.css';
import pageClasses from './task-page.module.css';
import { certificationQuery, qualityQuery } from './task-queries.ts';

interface QualityTabProps {
  task: Task;
  period: Period;
  onPeriod(period: Period): void;
}

/** How good the answers are, measured on what really came in. */
export function QualityTab({ task, period, onPeriod }: QualityTabProps) {
  const query = useQuery(qualityQuery(task.task, period));
  return (
    <>
      <div className={classes.bar}>
        <p className={classes.words}>
          Measured in {periodFacts[period].words} on what really came in: blind audits of automated answers, and
          people’s answers to the rest.
        </p>
        <PeriodPicker period={period} onPick={onPeriod} />
      </div>
      <QueryView
        query={query}
        loading={
          <>
            <LoadingBlock height={112} />
            <LoadingBlock height={320} />
          </>
        }
        isEmpty={(quality) => quality.total.decisions === 0}
        empty={
          <Panel>
            <Empty title="Nothing was decided in this period">
              Quality is measured on real decisions. Choose a longer period, or send some.
            </Empty>
          </Panel>
        }
      >
        {(quality) => (
          <div className={pageClasses.stack} style={query.isPlaceholderData ? { opacity: 0.6 } : undefined}>
            <Measured quality={quality} />
            <Corrected error={quality.total.audited_error} />
            <LabelQualityPanel labels={quality.labels} />
            <div className={pageClasses.pair}>
              <Distribution task={task} quality={quality} />
              <ConfusionPanel task={task.task} confusion={quality.confusion} from={quality.from} />
            </div>
            <p className={classes.method}>{quality.method}</p>
          </div>
        )}
      </QueryView>
    </>
  );
}

function Measured({ quality }: { quality: Quality }) {
  const { total, error_budget: budget, latency_ms: latency, seconds } = quality;
  const { audited_error: error, suggestion_error: suggestion } = total;
  return (
    <Figures minWidth={150}>
      <Figure
        name={<Term name="audited error">Wrong, by blind audit</Term>}
        value={percent(error.estimate)}
        detail={
          error.estimate === null
            ? 'No audit was answered yet'
            : `${percentInterval(error.low, error.high)}, ${plural(error.audited, 'audit')}`
        }
      >
        {error.estimate !== null && (
          <Interval
            name="Audited error"
            estimate={error.estimate}
            low={error.low}
            high={error.high}
            limit={budget.max_error}
            max={Math.max(2 * budget.max_error, Math.min(1, 1.2 * error.estimate))}
          />
        )}
      </Figure>
      <Figure
        name={<Term name="human touch">A person worked on it</Term>}
        value={percent(total.human_touch_rate)}
        detail={`${count(total.review)} left to people, ${count(error.drawn)} drawn for audit`}
      />
      <Figure
        name={<Term name="suggestion">Suggestions that were wrong</Term>}
        value={percent(suggestion.estimate)}
        detail={
          suggestion.estimate === null
            ? 'Nobody has answered such an item yet'
            : `${percentInterval(suggestion.low, suggestion.high)}, of what the model was not sure of`
        }
      />
      <Figure
        name="Time to answer"
        value={latency.p50 === null ? '–' : microseconds(latency.p50 * 1000)}
        detail={
          latency.p99 === null
            ? 'Nothing was answered yet'
            : `99 of 100 within ${microseconds(latency.p99 * 1000)}; ${rate(quality.throughput_per_hour)} an hour`
        }
      />
      <Figure
        name="Time of people"
        value={minutes((seconds.reviewer + seconds.audit) / 60)}
        detail={`of which ${minutes(seconds.audit / 60)} for audits`}
      />
    </Figures>
  );
}

/** What is left of the audited error without the errors of those who audit. */
function Corrected({ error }: { error: Quality['total']['audited_error'] }) {
  const { corrected } = error;
  if (corrected === undefined || corrected === null) return null;
  const { estimate, low, high, reviewer_error: own, based_on: tests } = corrected;
  return (
    <p className={classes.words}>
      People err too: they answered {percent(own)} of {plural(tests, 'test item')} wrong. Without their own errors,
      about {percent(estimate)} of the automated answers were wrong ({percentInterval(low, high)}).
    </p>
  );
}

const rate = (value: number) => (value < 10 ? String(Number(value.toPrecision(2))) : count(value));

function Distribution({ task, quality }: { task: Task; quality: Quality }) {
  const certification = useQuery(certificationQuery(task.task));
  const { threshold, in_force: inForce } = certification.data ?? {};
  return (
    <Panel
      title={
        <>
          How sure the model was (<Term name="confidence" />)
        </>
      }
      description="Every decision of the period, from unsure to sure. The steps get finer towards 100 %."
    >
      <ConfidenceDistribution
        bands={quality.confidence_distribution}
        threshold={inForce === true ? (threshold ?? null) : null}
      />
    </Panel>
  );
}
