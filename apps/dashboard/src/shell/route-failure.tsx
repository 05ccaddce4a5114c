import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { ButtonLink } from '../components/links.tsx';
import { Page } from '../components/page.tsx';
import { Panel } from '../components/panel.tsx';
import { Empty, Failure } from '../components/states.tsx';

/** A page that failed takes nothing else with it: the menu stays. */
export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const outdated = /dynamically imported module|importing a module/i.test(error instanceof Error ? error.message : '');
  return (
    <Page title={outdated ? 'There is a new version' : 'Something went wrong'}>
      <Panel>
        {outdated ? (
          <Empty
            title="The server was updated"
            action={<Button onClick={() => window.location.reload()}>Load it</Button>}
          >
            This page belongs to the version before.
          </Empty>
        ) : (
          <Failure error={error} onRetry={reset} />
        )}
      </Panel>
    </Page>
  );
}

/** Stands outside of the shell: an address that is none says nothing about who is signed in. */
export function RouteNotFound() {
  return (
    <main>
      <Page title="Nothing is here">
        <Panel>
          <Empty title="This address leads nowhere" action={<ButtonLink to="/">To the start</ButtonLink>}>
            It may have been mistyped, or what stood here is gone.
          </Empty>
        </Panel>
      </Page>
    </main>
  );
}
