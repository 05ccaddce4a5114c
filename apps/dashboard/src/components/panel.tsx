import { type ReactNode, useId } from 'react';
import classes from './panel.module.css';

interface PanelProps {
  title?: ReactNode;
  /** Beside the title, at the right. */
  actions?: ReactNode;
  /** Under the title. */
  description?: ReactNode;
  /** The content brings its own edges: tables, charts. */
  flush?: boolean;
  children: ReactNode;
}

/** A white sheet with an optional heading; a region of that name for screen readers. */
export function Panel({ title, actions, description, flush, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && (
        <header className={classes.header}>
          <div className={classes.words}>
            <h2 id={id} className={classes.title}>
              {title}
            </h2>
            {description !== undefined && <p className={classes.description}>{description}</p>}
          </div>
          {actions !== undefined && <div className={classes.actions}>{actions}</div>}
        </header>
      )}
      <div className={classes.body} data-flush={flush === true || undefined}>
        {children}
      </div>
    </section>
  );
}
