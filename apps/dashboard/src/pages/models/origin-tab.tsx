import { useQuery } from '@tanstack/react-query';
import type { ModelVersion, TrainingRun } from '@understudy/client';
import { CopyButton } from '../../components/copy-button.tsx';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, LoadingBlock } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { bytes, count, microseconds, plural } from '../../formatting/numbers.ts';
import { stopwatch } from '../../formatting/time.ts';
import { useScopes } from '../../session/session.ts';
import { trainingRunQuery } from './model-queries.ts';
import classes from './models.module.css';
import { metricsOf } from './version-metrics.ts';

/** From which examples, by which code and with which settings a version was made, so that it can be made again. */
export function OriginTab({ version }: { version: ModelVersion }) {
  const may = useScopes();
  const { lineage, artifact } = version;
  const metrics = metricsOf(version);
  const run = useQuery({ ...trainingRunQuery(lineage.training_run), enabled: may('training:read') });
  return (
    <>
      <div className={classes.pair}>
        <Panel title="What it learnt from">
          <Facts
            rows={[
              [
                <Term key="dataset" name="dataset">
                  Dataset
                </Term>,
                <span key="value" className={classes.digest}>
                  {may('datasets:read') ? (
                    <TextLink
                      to="/data"
                      search={{ task: version.model, tab: 'versions', dataset: lineage.dataset }}
                      className="mono"
                    >
                      {lineage.dataset}
                    </TextLink>
                  ) : (
                    <span className="mono">{lineage.dataset}</span>
                  )}
                  <CopyButton value={lineage.dataset} what="the dataset’s id" />
                </span>,
              ],
              metrics.learntFrom === null
                ? null
                : [
                    'Examples',
                    `${count(metrics.learntFrom)} to learn from, ${count(metrics.rows)} kept back to measure`,
                  ],
              ['Labels', count(version.labels.length)],
              ['Task definition', `revision ${lineage.task_revision}`],
              ['Trained', <Time key="at" at={version.created_at} as="exact" />],
            ]}
          />
        </Panel>
        <Panel title="How it was made">
          <Facts
            rows={[
              ['Trainer', lineage.trainer],
              metrics.chosenBecause === null ? null : ['Why this one', metrics.chosenBecause],
              [
                'Seed',
                <span key="seed" className="figures">
                  {lineage.seed}
                </span>,
              ],
              [
                'Code',
                <span key="code" className="mono">
                  {lineage.code_version}
                </span>,
              ],
              metrics.durationSeconds === null ? null : ['Took', stopwatch(metrics.durationSeconds * 1000)],
              metrics.peakMemoryBytes === null ? null : ['Memory', bytes(metrics.peakMemoryBytes)],
              metrics.microseconds === null ? null : ['An answer takes', microseconds(metrics.microseconds)],
            ]}
          />
        </Panel>
      </div>
      <Panel title="Its file">
        <Facts
          rows={[
            [
              'Format',
              <span key="format" className="mono">
                {artifact.format}
              </span>,
            ],
            ['Size', `${bytes(artifact.bytes)} (${plural(artifact.bytes, 'byte')})`],
            [
              'SHA-256',
              <span key="digest" className={classes.digest}>
                <span className="mono">{artifact.sha256}</span>
                <CopyButton value={artifact.sha256} what="the digest" />
              </span>,
            ],
            [
              'Settings',
              Object.keys(lineage.parameters).length === 0 ? (
                'those of the trainer'
              ) : (
                <span key="parameters" className="mono">
                  {Object.entries(lineage.parameters)
                    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
                    .join(' · ')}
                </span>
              ),
            ],
          ]}
        />
      </Panel>
      {may('training:read') && (
        <Panel title="Training run" description={<span className="mono">{lineage.training_run}</span>}>
          <QueryView query={run} loading={<LoadingBlock height={260} />}>
            {(data) => <RunLog run={data} />}
          </QueryView>
        </Panel>
      )}
    </>
  );
}

function RunLog({ run }: { run: TrainingRun }) {
  return (
    <>
      {run.promotion !== null && (
        <p className={classes.evidence} style={{ marginBottom: 12 }}>
          {run.promotion.promoted ? 'It was promoted by itself' : 'It was not promoted by itself'}:{' '}
          {run.promotion.reason.replace(/^(not )?promoted: /, '')}.
        </p>
      )}
      {run.log.length === 0 ? (
        <Empty title="The run wrote no log" />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard
        <section className={classes.log} tabIndex={0} aria-label="Log of the training run">
          {run.log.join('\n')}
        </section>
      )}
    </>
  );
}
