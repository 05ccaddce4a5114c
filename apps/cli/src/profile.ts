import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from './environment.ts';
import { UsageError } from './exit-codes.ts';

export interface Profile {
  url: string;
  key?: string;
}

export interface ProfileFile {
  /** The profile that is used when none is named. */
  current: string;
  profiles: Record<string, Profile>;
}

export const profilePath = (environment: Environment): string => join(environment.configDir, 'config.json');

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Null when there is no file. Throws UsageError when there is one that cannot be used. */
export function readProfiles(environment: Environment): ProfileFile | null {
  const path = profilePath(environment);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    const file = JSON.parse(text) as Partial<ProfileFile> | null;
    if (typeof file?.current === 'string' && typeof file.profiles === 'object' && file.profiles !== null) {
      return { current: file.current, profiles: file.profiles };
    }
  } catch {
    // said below
  }
  throw new UsageError(`${path} is not a profile file; remove it and run \`understudy login\` again`);
}

/** Whether others than its owner can read the file with the keys. */
export function isExposed(environment: Environment): boolean {
  const stats = statSync(profilePath(environment), { throwIfNoEntry: false });
  return stats !== undefined && (stats.mode & 0o077) !== 0;
}

/** Adds or replaces a profile, makes it the current one, and returns the file's path. Only its owner can read it. */
export function saveProfile(environment: Environment, name: string, profile: Profile): string {
  if (!NAME.test(name)) throw new UsageError(`${JSON.stringify(name)} is not a name for a profile`);
  const known = readProfiles(environment);
  return writeProfiles(environment, { current: name, profiles: { ...known?.profiles, [name]: profile } });
}

/** Removes a profile; false when there is none of that name. */
export function removeProfile(environment: Environment, name: string): boolean {
  const known = readProfiles(environment);
  if (known === null || !Object.hasOwn(known.profiles, name)) return false;
  const { [name]: _removed, ...profiles } = known.profiles;
  const current = known.current === name ? (Object.keys(profiles)[0] ?? 'default') : known.current;
  writeProfiles(environment, { current, profiles });
  return true;
}

function writeProfiles(environment: Environment, file: ProfileFile): string {
  const path = profilePath(environment);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${process.pid}.new`;
  writeFileSync(unfinished, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  chmodSync(unfinished, 0o600); // whatever a left-over file of that name had
  renameSync(unfinished, path);
  return path;
}
