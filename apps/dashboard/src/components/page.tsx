import { type ReactNode, useEffect, useRef } from 'react';
import classes from './page.module.css';

interface PageProps {
  title: string;
  /** For the tab, when the heading alone says too little there. */
  tabTitle?: string;
  /** One line under the heading. */
  description?: ReactNode;
  /** What leads back up, above the heading. */
  above?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
  /** Full width, for tables and boards. */
  wide?: boolean;
  children: ReactNode;
}

/**
 * The frame of every page: heading, tab title, and focus. Coming from another page, the heading takes the focus, so
 * that a screen reader says where one is and Tab starts at the top (WCAG 2.4.3).
 */
export function Page({ title, tabTitle, description, above, actions, wide, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${tabTitle ?? title} · Understudy`;
  }, [title, tabTitle]);
  useEffect(() => {
    if (visited) heading.current?.focus({ preventScroll: true });
    visited = true;
  }, []);
  return (
    <div className={classes.page} data-wide={wide === true || undefined}>
      {above !== undefined && <div className={classes.above}>{above}</div>}
      <header className={classes.header}>
        <div className={classes.words}>
          <h1 ref={heading} tabIndex={-1} className={classes.title}>
            {title}
          </h1>
          {description !== undefined && <p className={classes.description}>{description}</p>}
        </div>
        {actions !== undefined && <div className={`${classes.actions} no-print`}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** The first page of a visit leaves the focus where the browser put it. */
let visited = false;
