import { Page } from './page.tsx';
import { Panel } from './panel.tsx';
import { Empty } from './states.tsx';

/** A page whose content is not written. Says so, and shows nothing that looks like a figure. */
export function NotBuiltYet({ title }: { title: string }) {
  return (
    <Page title={title}>
      <Panel>
        <Empty title="This page has no content yet">
          The API and the command line have everything in the meantime.
        </Empty>
      </Panel>
    </Page>
  );
}
