import type { ComponentProps } from 'react';
import { IconArrowLeft } from '../theme/icons.ts';
import classes from './back-link.module.css';
import { TextLink } from './links.tsx';

/** Above a heading: to the list that this is one of. */
export function BackLink({ to, children }: { to: ComponentProps<typeof TextLink>['to']; children: string }) {
  return (
    <TextLink to={to} className={classes.back ?? ''}>
      <IconArrowLeft size={14} aria-hidden="true" /> {children}
    </TextLink>
  );
}
