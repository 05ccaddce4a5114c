import { CopyButton } from './copy-button.tsx';
import classes from './copyable.module.css';

/** An id as it is, to be taken along. */
export function Copyable({ value, what }: { value: string; what: string }) {
  return (
    <span className={classes.copyable}>
      <span className="mono">{value}</span>
      <CopyButton value={value} what={what} />
    </span>
  );
}
