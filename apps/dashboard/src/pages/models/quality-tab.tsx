import type { ModelVersion } from '@understudy/client';
import { Figure, Figures } from '../../components/figure.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { count, percent, percentInterval, plural } from '../../formatting/numbers.ts';
import { asSet } from '../tasks/budget.ts';
import { ConfusionPanel } from './confusion-panel.tsx';
import { LabelTable } from './label-table.tsx';
import classes from './models.module.css';
import { ReliabilityPanel } from './reliability-panel.tsx';
import { certificateOf, metricsOf, type VersionCertificate } from './version-metrics.ts';

/** How good a version is, measured on examples that it did not learn from. */
export function QualityTab({ version }: { version: ModelVersion }) {
  const metrics = metricsOf(version);
  if (metrics.accuracy === null) {
    return (
      <Panel>
        <Empty title="This version was not evaluated">
          There were too few examples to keep any back. With more of them, the next version is measured.
        </Empty>
      </Panel>
    );
  }
  const { accuracyInterval: interval, labels } = metrics;
  // A matrix that has no room beside the curve stands above it.
  const wide = labels.length > 6 && labels.length <= 20;
  return (
    <>
      <Figures minWidth={190}>
        <Figure
          name="Right on unseen examples"
          value={percent(metrics.accuracy)}
          detail={
            <>
              {interval !== null && `between ${percentInterval(interval.low, interval.high)}`}
              <br />
              {plural(metrics.rows ?? 0, 'example')} kept back for this
            </>
          }
        />
        <Figure
          name={<Term name="macro F1">Macro F1</Term>}
          value={percent(metrics.macroF1)}
          detail={`over ${plural(metrics.labels.length, 'label')}, all counting the same`}
        />
        <Figure
          name={<Term name="calibration">Off in its confidence</Term>}
          value={percent(metrics.calibrationError)}
          detail="on average, between how sure it is and how often it is right"
        />
        <CertificateFigure certificate={certificateOf(version)} />
      </Figures>
      <Panel title="Label by label" description="Every figure with its interval: the fewer examples, the wider." flush>
        <LabelTable labels={metrics.labels} />
      </Panel>
      <div className={wide ? classes.stack : classes.pair}>
        <ConfusionPanel labels={metrics.labels.map(({ label }) => label)} cells={metrics.cells} />
        <ReliabilityPanel bins={metrics.reliability} rows={metrics.rows} />
      </div>
    </>
  );
}

function CertificateFigure({ certificate }: { certificate: VersionCertificate | null }) {
  const name = <Term name="coverage">May answer alone</Term>;
  if (certificate === null) return <Figure name={name} value="Nothing" detail="never certified" />;
  const { status, coverage, threshold, maxError, needed, suspended } = certificate;
  if (status === 'certified') {
    return (
      <Figure
        name={name}
        value={`about ${percent(coverage)}`}
        tone="good"
        detail={
          <>
            where it is at least {percent(threshold)} sure
            {maxError !== null && (
              <>
                <br />
                within a budget of {asSet(maxError)} wrong
              </>
            )}
          </>
        }
      />
    );
  }
  if (status === 'suspended') {
    return <Figure name={name} value="Nothing" tone="bad" detail={`suspended: ${suspended ?? 'no reason is given'}`} />;
  }
  return (
    <Figure
      name={name}
      value="Nothing yet"
      tone="warn"
      detail={
        needed?.labels != null ? `certifiable from about ${count(needed.labels)} labels on` : (needed?.reason ?? status)
      }
    />
  );
}
