import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { LabelName, Status } from '../../components/status.tsx';
import { percent } from '../../formatting/numbers.ts';
import { IconArrowRight } from '../../theme/icons.ts';
import classes from './models.module.css';
import type { Mistake } from './version-metrics.ts';

/** The wrong answers that the version was most sure of. */
export function MistakesTab({ mistakes, rows }: { mistakes: readonly Mistake[]; rows: number | null }) {
  return (
    <Panel
      title="Worst mistakes"
      description="Examples kept back from learning that it got wrong, the surest first. Some of them turn out to be labelled wrongly."
      flush
    >
      {mistakes.length === 0 ? (
        <Empty title="No mistake">
          {rows === null || rows === 0
            ? 'This version was not evaluated.'
            : 'Every example that was kept back was answered right.'}
        </Empty>
      ) : (
        <MistakeList mistakes={mistakes} />
      )}
    </Panel>
  );
}

interface MistakeListProps {
  mistakes: readonly Mistake[];
  /** Said beside those whose text is in here. */
  marked?: { texts: ReadonlySet<string>; words: string };
}

export function MistakeList({ mistakes, marked }: MistakeListProps) {
  return (
    <ul className={classes.mistakes}>
      {mistakes.map(({ text, truth, predicted, confidence }) => (
        <li key={`${text} ${truth} ${predicted}`} className={classes.mistake}>
          <p className={`content ${classes.mistakeText}`} dir="auto">
            {text}
          </p>
          <div className={classes.mistakeFacts}>
            said <LabelName name={predicted} />
            <IconArrowRight size={14} aria-hidden="true" />
            right is <LabelName name={truth} />
            {marked?.texts.has(text) === true && <Status tone="quiet">{marked.words}</Status>}
          </div>
          <span className={`${classes.sure} figures`}>{percent(confidence)} sure</span>
        </li>
      ))}
    </ul>
  );
}
