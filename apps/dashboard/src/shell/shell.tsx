import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { Suspense, useEffect } from 'react';
import { LoadingRows } from '../components/states.tsx';
import { IconMenu2 } from '../theme/icons.ts';
import { ConnectionNotice } from './connection-notice.tsx';
import { Logo } from './logo.tsx';
import classes from './shell.module.css';
import { Sidebar } from './sidebar.tsx';

/** Everything around a page: skip link, menu, notices. */
export function Shell() {
  const [open, { open: show, close }] = useDisclosure(false);
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: going to another page closes the menu
  useEffect(close, [pathname]);
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <aside className={`${classes.sidebar} no-print`}>
        <Sidebar />
      </aside>
      <header className={`${classes.topbar} no-print`}>
        <ActionIcon size="lg" aria-label="Open the menu" aria-expanded={open} onClick={show}>
          <IconMenu2 size={20} />
        </ActionIcon>
        <Logo />
      </header>
      <Drawer.Root opened={open} onClose={close} size={260} padding={0}>
        <Drawer.Overlay backgroundOpacity={0.4} />
        <Drawer.Content aria-label="Menu">
          <Drawer.Body className={classes.drawer ?? ''}>
            <Sidebar />
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
      <main id="main" tabIndex={-1} className={classes.main}>
        <ConnectionNotice />
        <Suspense fallback={<LoadingRows rows={8} />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
