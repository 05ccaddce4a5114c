import { useQueries, useQuery } from '@tanstack/react-query';
import type { ModelVersion } from '@understudy/client';
import { Panel } from '../../components/panel.tsx';
import { LoadingRows } from '../../components/states.tsx';
import { count, percent, plural } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { aliasHistoryQuery, trainingRunQuery } from './model-queries.ts';
import classes from './models.module.css';
import { type PairedTest, pairedTestOf } from './version-metrics.ts';

interface PairedEvidenceProps {
  model: string;
  a: ModelVersion;
  b: ModelVersion;
}

/** The test that decided between two versions, if there was one: both on the very same examples. */
export function PairedEvidence({ model, a, b }: PairedEvidenceProps) {
  const may = useScopes();
  const history = useQuery(aliasHistoryQuery(model));
  const runs = useQueries({
    queries: [a, b].map(({ lineage }) => ({
      ...trainingRunQuery(lineage.training_run),
      enabled: may('training:read'),
    })),
  });
  const found = (history.data ?? []).flatMap((change) => {
    const test = pairedTestOf(change.evidence);
    const pair = [change.version, test?.champion];
    return test !== null && pair.includes(a.version) && pair.includes(b.version)
      ? [{ test, challenger: change.version ?? '' }]
      : [];
  })[0];
  // A version that was not promoted left its test in words only, in the run that made it.
  const words = runs.flatMap(({ data }, index) => {
    const [mine, other] = index === 0 ? [a, b] : [b, a];
    const reason = data?.promotion?.reason ?? '';
    return reason.includes('McNemar') && reason.includes(`where version ${other.version} is wrong`)
      ? [{ version: mine.version, promoted: data?.promotion?.promoted === true, reason }]
      : [];
  })[0];
  return (
    <Panel title="Compared on the same examples">
      {history.data === undefined && history.error === null ? (
        <LoadingRows rows={2} />
      ) : found !== undefined ? (
        <Test {...found.test} challenger={found.challenger} />
      ) : words !== undefined ? (
        <p className={classes.evidence}>
          When version {words.version} was made, {words.reason.replace(/^(not )?promoted: /, '')}. It was{' '}
          {words.promoted ? '' : 'not '}promoted.
        </p>
      ) : (
        <p className={classes.quiet}>
          These two were never put to the test against each other on the same examples. That happens when a new version
          is made, against the one that answers at the time.
        </p>
      )}
    </Panel>
  );
}

function Test({ rows, gained, lost, p, champion, challenger }: PairedTest & { challenger: string }) {
  const same = rows - gained - lost;
  return (
    <>
      <p className={classes.evidence}>
        On {plural(rows, 'example')} that were kept back, version {challenger} is right where version {champion} is
        wrong <b className="figures">{count(gained)}</b> {gained === 1 ? 'time' : 'times'}, and wrong where that is
        right <b className="figures">{count(lost)}</b> {lost === 1 ? 'time' : 'times'}; on the other {count(same)} both
        are right or both are wrong. {chance(p)}
      </p>
      <div
        className={classes.balance}
        role="img"
        aria-label={`${gained} gained, ${same} the same, ${lost} lost of ${rows}`}
      >
        <span className={classes.gained} style={{ flexGrow: gained }} />
        <span className={classes.same} style={{ flexGrow: same }} />
        <span className={classes.lost} style={{ flexGrow: lost }} />
      </div>
      <p className={classes.quiet}>
        Exact McNemar test, p = {p < 0.001 ? '< 0.001' : p.toFixed(3)}. The older version may have learnt from some of
        these examples, so the comparison errs on its side.
      </p>
    </>
  );
}

const chance = (p: number) =>
  p < 0.05
    ? 'That is more than chance would do.'
    : `A difference this large comes about by chance in ${percent(p, 0)} of cases, so they may well be equally good.`;
