import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Time } from '../../components/time.tsx';
import { useSession } from '../../session/session.ts';
import { nameOfRole } from './roles.ts';
import classes from './settings-page.module.css';

/** Where one is, as whom, and what serves it. */
export function WorkspaceTab() {
  const { workspace, principal, scopes, expires_at } = useSession();
  const version = useQuery({
    queryKey: ['version'],
    queryFn: ({ signal }) => client.health.version({ signal }),
    staleTime: 600_000,
  });
  return (
    <Panel title="This workspace">
      <Facts
        rows={[
          ['Name', workspace.name],
          [
            'Id',
            <span key="id" className={classes.copyable}>
              <span className="mono">{workspace.id}</span>
              <CopyButton value={workspace.id} what="the id" />
            </span>,
          ],
          ['Made', <Time key="made" at={workspace.created_at} as="exact" />],
          workspace.demo ? ['Data', 'example data, made for trying things out'] : null,
          ['You', `${principal.name}, ${principal.role === null ? 'by API key' : nameOfRole(principal.role)}`],
          ['You may', scopes.join(', ')],
          ['Signed in until', <Time key="until" at={expires_at} as="exact" />],
          ['Address of the API', window.location.origin],
          version.data === undefined ? null : ['Version', version.data.version],
        ]}
      />
    </Panel>
  );
}
