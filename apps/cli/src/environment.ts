import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the CLI takes from the environment. This file is the only one of it that reads it. */
export interface Environment {
  url: string | undefined;
  apiKey: string | undefined;
  /** Folder of the profile file. */
  configDir: string;
  /** `NO_COLOR` (https://no-color.org) or a terminal that has none. */
  noColor: boolean;
  /** `FORCE_COLOR`: colours although the output is not a terminal. */
  forceColor: boolean;
  /** The server's settings, for `start` and `doctor`. */
  server: NodeJS.ProcessEnv;
}

export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const set = (name: string) => (variables[name] === undefined || variables[name] === '' ? undefined : variables[name]);
  return {
    url: set('UNDERSTUDY_URL'),
    apiKey: set('UNDERSTUDY_API_KEY'),
    configDir: join(set('XDG_CONFIG_HOME') ?? join(homedir(), '.config'), 'understudy'),
    noColor: set('NO_COLOR') !== undefined || variables.TERM === 'dumb',
    forceColor: set('FORCE_COLOR') !== undefined && variables.FORCE_COLOR !== '0',
    server: variables,
  };
}
