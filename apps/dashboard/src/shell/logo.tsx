import classes from './logo.module.css';

/** The mark and the name. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <span className={classes.logo}>
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#2f5fd0" />
        <path d="M9 8v9a7 7 0 0 0 14 0V8" fill="none" stroke="#fff" strokeWidth="3.2" strokeLinecap="round" />
        <circle cx="16" cy="15" r="2.4" fill="#fff" opacity=".75" />
      </svg>
      Understudy
    </span>
  );
}
