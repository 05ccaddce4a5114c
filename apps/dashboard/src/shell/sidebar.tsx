import { useQuery } from '@tanstack/react-query';
import { refresh } from '../api/query-client.ts';
import { reviewQueuesQuery } from '../api/resources.ts';
import { PlainLink } from '../components/links.tsx';
import { shortCount } from '../formatting/numbers.ts';
import { useScopes } from '../session/session.ts';
import { Account } from './account.tsx';
import { Logo } from './logo.tsx';
import { menuFor } from './navigation.ts';
import classes from './sidebar.module.css';
import { WorkspaceSwitcher } from './workspace-switcher.tsx';

/** Workspace, menu, account. Entries that lead to nothing one may see are not shown. */
export function Sidebar() {
  const may = useScopes();
  return (
    <div className={classes.sidebar}>
      <div className={classes.brand}>
        <Logo />
      </div>
      <WorkspaceSwitcher />
      <nav aria-label="Main" className={classes.navigation}>
        {menuFor(may).map((entries) => {
          return (
            <ul key={entries[0]!.to} className={classes.group}>
              {entries.map(({ to, name, icon: Icon, exact }) => (
                <li key={to}>
                  <PlainLink
                    to={to}
                    className={classes.entry}
                    activeOptions={{ exact: exact === true }}
                    preload="intent"
                  >
                    <Icon size={17} stroke={1.7} aria-hidden="true" />
                    <span className={classes.name}>{name}</span>
                    {to === '/review' && may('review:read') && <Waiting />}
                  </PlainLink>
                </li>
              ))}
            </ul>
          );
        })}
      </nav>
      <Account />
    </div>
  );
}

/** How many items wait for people. */
function Waiting() {
  const { data } = useQuery({ ...reviewQueuesQuery(), refetchInterval: refresh.steady });
  const depth = data?.total.depth ?? 0;
  if (depth === 0) return null;
  return (
    <span className={`${classes.badge} figures`}>
      {shortCount(depth)}
      <span className="visually-hidden"> waiting</span>
    </span>
  );
}
