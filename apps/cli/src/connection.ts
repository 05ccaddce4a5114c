import type { Environment } from './environment.ts';
import { UsageError } from './exit-codes.ts';
import { type Profile, readProfiles } from './profile.ts';

export const DEFAULT_URL = 'http://127.0.0.1:8080';

export interface Connection {
  url: string;
  key: string | undefined;
  /** Where they came from, for `doctor` and error messages. */
  urlFrom: string;
  keyFrom: string;
}

const originOf = (url: string): string => {
  try {
    return new URL(url).origin;
  } catch {
    throw new UsageError(`${JSON.stringify(url)} is not a URL`);
  }
};

/**
 * Which server and which key: options before environment before profile. The key of a profile is only ever sent to
 * that profile's server: another `--url` must not be handed it.
 */
export function resolveConnection(
  environment: Environment,
  options: { url?: string | undefined; key?: string | undefined; profile?: string | undefined },
): Connection {
  const { name, profile } = findProfile(environment, options.profile);
  const given = options.url ?? environment.url;
  const url = given ?? profile?.url ?? DEFAULT_URL;
  const urlFrom =
    options.url !== undefined
      ? '--url'
      : environment.url !== undefined
        ? 'UNDERSTUDY_URL'
        : profile !== undefined
          ? `profile ${name}`
          : 'default';
  const { protocol } = new URL(`${originOf(url)}/`);
  if (protocol !== 'http:' && protocol !== 'https:') throw new UsageError(`${url} must begin with http:// or https://`);
  if (options.key !== undefined) return { url, urlFrom, key: options.key, keyFrom: '--key' };
  if (environment.apiKey !== undefined) return { url, urlFrom, key: environment.apiKey, keyFrom: 'UNDERSTUDY_API_KEY' };
  if (profile?.key !== undefined && originOf(profile.url) === originOf(url)) {
    return { url, urlFrom, key: profile.key, keyFrom: `profile ${name}` };
  }
  return { url, urlFrom, key: undefined, keyFrom: 'nowhere' };
}

function findProfile(
  environment: Environment,
  wanted: string | undefined,
): { name: string; profile: Profile | undefined } {
  const file = readProfiles(environment);
  const name = wanted ?? file?.current ?? 'default';
  const profile = file !== null && Object.hasOwn(file.profiles, name) ? file.profiles[name] : undefined;
  if (wanted !== undefined && profile === undefined) throw new UsageError(`there is no profile ${wanted}`);
  return { name, profile };
}
