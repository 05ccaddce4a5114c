import { Menu, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { client } from '../api/client.ts';
import { explain } from '../components/states.tsx';
import { useChangeSession, useSession } from '../session/session.ts';
import { IconCheck, IconPlus, IconSelector } from '../theme/icons.ts';
import classes from './workspace-switcher.module.css';

/** Where one is. A browser may be signed in to several workspaces; one of them is shown. */
export function WorkspaceSwitcher() {
  const session = useSession();
  const changeSession = useChangeSession();
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ['session', 'workspaces'],
    queryFn: ({ signal }) => client.session.workspaces({ signal }),
    staleTime: 60_000,
  });
  const switchTo = (workspace: string) =>
    changeSession(() => client.session.switch(workspace)).catch((error: unknown) => {
      notifications.show({ color: 'red', title: 'You are still in this workspace', message: explain(error).detail });
    });
  return (
    <Menu width={220} position="bottom-start" withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.button}>
          <span className={classes.mark} aria-hidden="true">
            {[...session.workspace.name][0]?.toUpperCase()}
          </span>
          <span className="visually-hidden">Workspace </span>
          <span className={classes.words}>
            <span className={classes.name}>{session.workspace.name}</span>
            {session.workspace.demo && <span className={classes.demo}>Example data</span>}
          </span>
          <IconSelector size={15} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Workspaces</Menu.Label>
        {(data?.data ?? []).map(({ workspace, active }) => (
          <Menu.Item
            key={workspace.id}
            leftSection={active ? <IconCheck size={14} /> : <span className={classes.blank} />}
            onClick={() => {
              if (!active) void switchTo(workspace.id);
            }}
          >
            {workspace.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconPlus size={14} />}
          onClick={() => void navigate({ to: '/sign-in', search: { add: true } })}
        >
          Sign in to another
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
