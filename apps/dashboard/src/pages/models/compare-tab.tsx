import { Select, Table } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Model, ModelVersion } from '@understudy/client';
import type { ReactNode } from 'react';
import { DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, LoadingBlock } from '../../components/states.tsx';
import { LabelName } from '../../components/status.tsx';
import { Term } from '../../components/term.tsx';
import { bytes, count, microseconds, percent } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { VersionCertificateStatus } from './certificate-status.tsx';
import { Differences } from './differences.tsx';
import { MistakeList } from './mistakes-tab.tsx';
import { versionQuery, versionsQuery } from './model-queries.ts';
import type { ModelSearch } from './model-search.ts';
import classes from './models.module.css';
import { championOf } from './models-page.tsx';
import { PairedEvidence } from './paired-evidence.tsx';
import { metricsOf, type VersionMetrics } from './version-metrics.ts';

interface CompareTabProps {
  model: Model;
  version: ModelVersion;
  search: ModelSearch;
  onChange(part: ModelSearch): void;
}

/** The version that answers; from there, the one before. */
function otherOf(model: Model, version: string): string | undefined {
  const champion = championOf(model);
  if (champion !== undefined && champion !== version) return champion;
  if (version !== '1') return String(Number(version) - 1);
  return model.latest_version === version ? undefined : model.latest_version;
}

/** Two versions beside each other: figures, the test between them, and where they differ. */
export function CompareTab({ model, version, search, onChange }: CompareTabProps) {
  const chosen = search.with === version.version ? undefined : search.with;
  const otherVersion = chosen ?? otherOf(model, version.version);
  const versions = useInfiniteQuery(versionsQuery(model.model));
  const other = useQuery({ ...versionQuery(model.model, otherVersion ?? ''), enabled: otherVersion !== undefined });
  if (otherVersion === undefined) {
    return (
      <Panel>
        <Empty title="There is nothing to compare with">This is the only version so far.</Empty>
      </Panel>
    );
  }
  const names = versions.data?.pages.flatMap(({ data }) => data.map((one) => one.version)) ?? [];
  const choices = [...new Set([otherVersion, ...names])]
    .filter((name) => name !== version.version)
    .sort((a, b) => Number(b) - Number(a));
  return (
    <>
      <Select
        label={`Compare version ${version.version} with`}
        value={otherVersion}
        onChange={(value) => onChange({ with: value ?? undefined, replay: undefined } as ModelSearch)}
        data={choices.map((value) => ({
          value,
          label: `Version ${value}${value === championOf(model) ? ', answers now' : ''}`,
        }))}
        maw={260}
      />
      <QueryView query={other} loading={<LoadingBlock height={420} />}>
        {(data) => <Compared model={model} a={version} b={data} search={search} onChange={onChange} />}
      </QueryView>
    </>
  );
}

interface ComparedProps {
  model: Model;
  a: ModelVersion;
  b: ModelVersion;
  search: ModelSearch;
  onChange(part: ModelSearch): void;
}

function Compared({ model, a, b, search, onChange }: ComparedProps) {
  const may = useScopes();
  const [ours, theirs] = [metricsOf(a), metricsOf(b)];
  return (
    <>
      <Panel
        title="Figures"
        description={
          a.lineage.dataset === b.lineage.dataset && a.lineage.seed === b.lineage.seed
            ? 'Both learnt from the same dataset, and were measured on the same examples.'
            : 'Each was measured on examples kept back from its own learning, so small differences may be chance. The test below compares both on the same examples.'
        }
        flush
      >
        <FigureRows a={a} b={b} ours={ours} theirs={theirs} />
      </Panel>
      <PairedEvidence model={model.model} a={a} b={b} />
      <LabelDifferences a={a.version} b={b.version} ours={ours} theirs={theirs} />
      {may('replays:read') && (
        <Differences model={model} a={a} b={b} replay={search.replay} onReplay={(replay) => onChange({ replay })} />
      )}
      <div className={classes.pair}>
        {(
          [
            [a, ours, theirs],
            [b, theirs, ours],
          ] as const
        ).map(([version, metrics, others]) => (
          <Panel
            key={version.version}
            title={`Worst mistakes of version ${version.version}`}
            description="On the examples kept back, the surest first."
            flush
          >
            {metrics.mistakes.length === 0 ? (
              <Empty title="None">
                {metrics.accuracy === null ? 'It was not evaluated.' : 'It got everything right.'}
              </Empty>
            ) : (
              <div className={classes.scroll}>
                <MistakeList
                  mistakes={metrics.mistakes}
                  marked={{
                    texts: new Set(others.mistakes.map(({ text }) => text)),
                    words: `also among those of version ${version === a ? b.version : a.version}`,
                  }}
                />
              </div>
            )}
          </Panel>
        ))}
      </div>
    </>
  );
}

interface FigureRow {
  name: ReactNode;
  of(metrics: VersionMetrics, version: ModelVersion): number | null;
  format(value: number): string;
}

const figureRows: readonly FigureRow[] = [
  { name: 'Right on unseen examples', of: (metrics) => metrics.accuracy, format: percent },
  { name: <Term name="macro F1">Macro F1</Term>, of: (metrics) => metrics.macroF1, format: percent },
  {
    name: <Term name="calibration">Off in its confidence</Term>,
    of: (metrics) => metrics.calibrationError,
    format: percent,
  },
  { name: 'Examples kept back to measure', of: (metrics) => metrics.rows, format: count },
  { name: 'Examples learnt from', of: (metrics) => metrics.learntFrom, format: count },
  { name: 'An answer takes', of: (metrics) => metrics.microseconds, format: microseconds },
  { name: 'Size', of: (_, version) => version.artifact.bytes, format: bytes },
];

interface FigureRowsProps {
  a: ModelVersion;
  b: ModelVersion;
  ours: VersionMetrics;
  theirs: VersionMetrics;
}

function FigureRows({ a, b, ours, theirs }: FigureRowsProps) {
  return (
    <DataTable
      caption="Figures of both versions"
      minWidth={420}
      columns={[
        { head: 'Figure', hidden: true },
        { head: `Version ${b.version}`, align: 'right' },
        { head: `Version ${a.version}`, align: 'right' },
        { head: 'Difference', align: 'right' },
      ]}
    >
      {figureRows.map(({ name, of, format }, index) => {
        const [mine, yours] = [of(ours, a), of(theirs, b)];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows do not move
          <Table.Tr key={index}>
            <Table.Td>{name}</Table.Td>
            <Table.Td ta="right" className="figures">
              {yours === null ? '–' : format(yours)}
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {mine === null ? '–' : format(mine)}
            </Table.Td>
            <DifferenceCell mine={mine} yours={yours} format={format} />
          </Table.Tr>
        );
      })}
      <Table.Tr>
        <Table.Td>
          <Term name="certificate">Certificate</Term>
        </Table.Td>
        <Table.Td ta="right">
          <VersionCertificateStatus version={b} />
        </Table.Td>
        <Table.Td ta="right">
          <VersionCertificateStatus version={a} />
        </Table.Td>
        <Table.Td />
      </Table.Tr>
    </DataTable>
  );
}

interface DifferenceCellProps {
  mine: number | null;
  yours: number | null;
  format(value: number): string;
}

/** Without a colour: most differences of single figures are chance, and the test says which is not. */
function DifferenceCell({ mine, yours, format }: DifferenceCellProps) {
  const difference = mine === null || yours === null ? null : mine - yours;
  const words =
    difference === null
      ? '–'
      : difference === 0
        ? 'same'
        : `${difference > 0 ? '+' : '−'}${format === percent ? points(difference) : format(Math.abs(difference))}`;
  return (
    <Table.Td ta="right" className="figures">
      {words}
    </Table.Td>
  );
}

/** Percentage points: a difference of two rates is no percentage. */
function points(difference: number): string {
  const size = Math.abs(100 * difference);
  return size < 0.05 ? 'less than 0.1 points' : `${size.toFixed(1)} points`;
}

const LABELS_SHOWN = 12;

interface LabelDifferencesProps {
  a: string;
  b: string;
  ours: VersionMetrics;
  theirs: VersionMetrics;
}

/** Where the versions differ most, label by label. */
function LabelDifferences({ a, b, ours, theirs }: LabelDifferencesProps) {
  const known = new Map(theirs.labels.map((label) => [label.label, label]));
  const rows = ours.labels
    .flatMap((label) => {
      const other = known.get(label.label);
      return other === undefined || label.support === 0 || other.support === 0 || label.f1 === other.f1
        ? []
        : [{ label: label.label, mine: label.f1, yours: other.f1, support: label.support }];
    })
    .sort((x, y) => Math.abs(y.mine - y.yours) - Math.abs(x.mine - x.yours));
  const changed = ours.labels.filter(({ label }) => !known.has(label)).map(({ label }) => label);
  const gone = theirs.labels
    .filter(({ label }) => !ours.labels.some((one) => one.label === label))
    .map(({ label }) => label);
  if (rows.length === 0) return null;
  return (
    <Panel
      title="Labels that changed most"
      description="F1, which is high where a label is both found and not given wrongly."
      flush
    >
      <DataTable
        caption="Labels that changed most"
        minWidth={420}
        columns={[
          { head: 'Label' },
          { head: 'Examples', align: 'right' },
          { head: `Version ${b}`, align: 'right' },
          { head: `Version ${a}`, align: 'right' },
          { head: 'Difference', align: 'right' },
        ]}
      >
        {rows.slice(0, LABELS_SHOWN).map(({ label, mine, yours, support }) => (
          <Table.Tr key={label}>
            <Table.Td>
              <LabelName name={label} />
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {count(support)}
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {percent(yours)}
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {percent(mine)}
            </Table.Td>
            <DifferenceCell mine={mine} yours={yours} format={percent} />
          </Table.Tr>
        ))}
      </DataTable>
      {(rows.length > LABELS_SHOWN || changed.length > 0 || gone.length > 0) && (
        <p className={classes.note}>
          {[
            rows.length > LABELS_SHOWN ? `${count(rows.length - LABELS_SHOWN)} more labels changed less` : '',
            changed.length > 0 ? `new in version ${a}: ${changed.join(', ')}` : '',
            gone.length > 0 ? `only in version ${b}: ${gone.join(', ')}` : '',
          ]
            .filter((part) => part !== '')
            .join('; ')}
        </p>
      )}
    </Panel>
  );
}
