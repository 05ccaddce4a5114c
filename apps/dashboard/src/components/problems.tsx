import { UnderstudyError } from '@understudy/client';
import classes from './problems.module.css';
import { explain } from './states.tsx';

/** What the server refused, place by place. */
export function Problems({ error }: { error: unknown }) {
  const rows = error instanceof UnderstudyError ? (error.problem?.errors ?? []) : [];
  return (
    <div className={classes.problem} role="alert">
      <p>{explain(error).detail}</p>
      {rows.length > 0 && (
        <ul>
          {rows.slice(0, 8).map((row) => (
            <li key={`${row.pointer} ${row.code}`}>
              <span className="mono">{row.pointer}</span> {row.detail}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
