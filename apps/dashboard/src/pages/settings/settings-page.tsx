import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '../../components/page.tsx';
import { useScopes } from '../../session/session.ts';
import { AuditTab } from './audit-tab.tsx';
import { KeysTab } from './keys-tab.tsx';
import { MembersTab } from './members-tab.tsx';
import type { SettingsTab } from './settings-tabs.ts';
import { WorkspaceTab } from './workspace-tab.tsx';

const route = getRouteApi('/shell/settings');

const tabs: readonly { value: SettingsTab; name: string; scope: string | null; content(): ReactNode }[] = [
  { value: 'workspace', name: 'Workspace', scope: null, content: () => <WorkspaceTab /> },
  { value: 'members', name: 'Members', scope: 'members:read', content: () => <MembersTab /> },
  { value: 'keys', name: 'API keys', scope: 'keys:read', content: () => <KeysTab /> },
  { value: 'audit', name: 'Audit log', scope: 'audit:read', content: () => <AuditTab /> },
];

/** Who may do what, and who did. */
export function SettingsPage() {
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useScopes();
  const shown = tabs.filter(({ scope }) => scope === null || may(scope));
  const current = shown.find(({ value }) => value === tab) ?? shown[0]!;
  return (
    <Page title="Settings" tabTitle={`${current.name}, settings`}>
      <Tabs
        value={current.value}
        onChange={(value) => void navigate({ search: value === 'workspace' ? {} : { tab: value as SettingsTab } })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {shown.map(({ value, name }) => (
            <Tabs.Tab key={value} value={value}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {shown.map(({ value, content }) => (
          <Tabs.Panel key={value} value={value}>
            {content()}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
