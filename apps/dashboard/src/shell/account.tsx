import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useSession, useSignOut } from '../session/session.ts';
import {
  IconCheck,
  IconDeviceDesktop,
  IconKey,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
  IconUser,
} from '../theme/icons.ts';
import classes from './account.module.css';

const schemes = [
  { value: 'auto', name: 'As the system', icon: IconDeviceDesktop },
  { value: 'light', name: 'Light', icon: IconSun },
  { value: 'dark', name: 'Dark', icon: IconMoon },
] as const;

/** Who is signed in, light or dark, and the way out. */
export function Account() {
  const { principal } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const Icon = principal.kind === 'api_key' ? IconKey : IconUser;
  return (
    <Menu width={220} position="top-start" withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.button}>
          <Icon size={17} stroke={1.7} aria-hidden="true" />
          <span className="visually-hidden">Account of </span>
          <span className={classes.words}>
            <span className={classes.name}>{principal.name}</span>
            <span className={classes.role}>{principal.role ?? 'API key'}</span>
          </span>
          <IconSelector size={15} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Appearance</Menu.Label>
        {schemes.map(({ value, name, icon: Scheme }) => (
          <Menu.Item
            key={value}
            leftSection={<Scheme size={14} />}
            rightSection={colorScheme === value ? <IconCheck size={14} aria-label="chosen" /> : null}
            onClick={() => setColorScheme(value)}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
