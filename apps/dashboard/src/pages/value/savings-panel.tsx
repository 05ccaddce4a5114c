import type { ValueReport } from '@understudy/client';
import { Figure, Figures } from '../../components/figure.tsx';
import { Interval } from '../../components/interval.tsx';
import { Panel } from '../../components/panel.tsx';
import { Term } from '../../components/term.tsx';
import { count, minutes, money, percent, percentInterval, plural } from '../../formatting/numbers.ts';
import classes from './value.module.css';

/** The answer in one figure, and the figures behind it. */
export function SavingsPanel({ report }: { report: ValueReport }) {
  const { error_rate: error } = report;
  return (
    <>
      <Panel>
        <Headline report={report} />
      </Panel>
      <Figures minWidth={200}>
        <Figure
          name={<Term name="automation rate">Done without a person</Term>}
          value={percent(report.automation_rate)}
          detail={`${count(report.automated)} of ${plural(report.decisions, 'decision')}`}
        />
        <Figure
          name={<Term name="human touch">A person worked on</Term>}
          value={percent(report.human_touch_rate)}
          detail="left to people, or audited"
        />
        <Figure
          name={<Term name="audited error">Wrong, by blind audit</Term>}
          value={error.estimate === null ? 'Not known yet' : percent(error.estimate)}
          detail={
            error.estimate === null
              ? (error.note ?? `from ${plural(error.audited, 'audit')}`)
              : `between ${percentInterval(error.low, error.high)}, from ${plural(error.audited, 'audit')}`
          }
        >
          <Interval estimate={error.estimate} low={error.low} high={error.high} name="Wrong, by blind audit" />
        </Figure>
        <Figure
          name="People’s time"
          value={minutes(report.cost.reviewer_minutes + report.cost.audit_minutes)}
          detail={`instead of ${minutes(report.baseline.minutes)} by hand`}
        />
      </Figures>
    </>
  );
}

function Headline({ report }: { report: ValueReport }) {
  const { savings, currency, baseline, cost } = report;
  if (currency === null) return <PerCurrency report={report} />;
  if (savings.amount === null) {
    return (
      <div className={classes.headline}>
        <p className={classes.lead}>Saved</p>
        <p className={classes.amount}>Too little evidence</p>
        <p className={classes.words}>{savings.note ?? 'Too few answers were audited to tell what errors cost.'}</p>
      </div>
    );
  }
  const lossy = Number(savings.amount) < 0;
  const known = savings.amount_low !== null && savings.amount_low !== savings.amount_high;
  const exact = savings.low === savings.high;
  return (
    <div className={classes.headline}>
      <p className={classes.lead}>{lossy ? 'Lost' : 'Saved'}</p>
      <p className={`${classes.amount} figures`} data-tone={lossy ? 'bad' : 'good'}>
        {money(savings.amount.replace('-', ''), currency)}
      </p>
      <p className={`${classes.words} figures`}>
        {known && (
          <>
            Between {money(savings.amount_low, currency)} and {money(savings.amount_high, currency)}, with 95 %
            certainty.{' '}
          </>
        )}
        The work cost {money(cost.total, currency)}
        {baseline.cost !== null && <> instead of {money(baseline.cost, currency)} by hand</>}
        {savings.rate !== null && (
          <>
            : {lossy ? 'a loss of' : 'a saving of'} {percent(Math.abs(savings.rate))}
            {savings.low !== null && !exact && <> ({percentInterval(savings.low, savings.high)})</>}
          </>
        )}
        .
      </p>
      {report.automated === 0 && !lossy && (
        <p className={classes.quiet}>
          Nothing was automated yet: the saving comes from people being faster with a suggestion than the minutes by
          hand that the tasks state.
        </p>
      )}
      {savings.note !== null && <p className={classes.quiet}>{savings.note}</p>}
    </div>
  );
}

function PerCurrency({ report }: { report: ValueReport }) {
  return (
    <div className={classes.headline}>
      <p className={classes.lead}>Saved</p>
      <p className={`${classes.amount} figures`}>
        {report.currencies.map(({ currency, savings }) => (
          <span key={currency} className={classes.each}>
            {savings === null ? `too little evidence (${currency})` : money(savings, currency)}
          </span>
        ))}
      </p>
      <p className={classes.words}>
        The tasks have different currencies, which are not added up. Choose a task to see its costs in full.
      </p>
    </div>
  );
}
