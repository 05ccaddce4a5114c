import { Forbidden, type Me, type UnderstudyClient } from '@understudy/client';
import { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { readProfiles, removeProfile, saveProfile } from '../profile.ts';
import type { Session } from '../session.ts';
import { localTime } from '../terminal/format.ts';
import { bold, dim, green } from '../terminal/style.ts';
import { collectPages, limitOption } from './paging.ts';

/** The operator belongs to no workspace, and `/v1/me` says so with a 403. */
async function whoIs(client: UnderstudyClient, signal: AbortSignal): Promise<Me | 'operator'> {
  try {
    return await client.me({ signal });
  } catch (error) {
    if (!(error instanceof Forbidden)) throw error;
    await client.workspaces.list({ signal, limit: 1 });
    return 'operator';
  }
}

export function loginCommand(session: Session): Command {
  return new Command('login')
    .description('store a server and a key as a profile (readable by you only)')
    .option('--name <profile>', 'name of the profile', 'default')
    .option('--no-check', 'do not ask the server whether the key is valid')
    .addHelpText(
      'after',
      `
The key is asked for, or read from stdin; --key would leave it in your shell's history.

Examples:
  understudy login
  understudy login --url https://understudy.example.com --name production < key.txt`,
    )
    .action(async (options: { name: string; check: boolean }, command: Command) => {
      const connection = session.connection(command);
      const given = session.globals(command).key;
      const key = given ?? (await session.ask(`Key for ${connection.url}: `, { hidden: true })).trim();
      if (key === '') throw new UsageError('no key was given');
      const client = session.client(command, { ...connection, key });
      const who = options.check ? await whoIs(client, session.signal) : null;
      const path = saveProfile(session.environment, options.name, { url: connection.url, key });
      const out = session.output(command);
      const workspace = who === null || who === 'operator' ? who : who.workspace.name;
      await out.result({ profile: options.name, url: connection.url, workspace, path }, () => {
        out.line(
          green('stored'),
          ` as profile ${options.name}`,
          workspace === null ? '' : ` (${workspace})`,
          '  ',
          dim(path),
        );
      });
    });
}

export function logoutCommand(session: Session): Command {
  return new Command('logout')
    .description('forget a profile; the key itself stays valid: `understudy keys revoke` ends it')
    .argument('[profile]', 'default: the current one')
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const wanted =
        name ?? session.globals(command).profile ?? readProfiles(session.environment)?.current ?? 'default';
      if (!removeProfile(session.environment, wanted)) throw new UsageError(`there is no profile ${wanted}`);
      const out = session.output(command);
      await out.result({ removed: wanted }, () => out.line(`profile ${wanted} is forgotten`));
    });
}

export function whoamiCommand(session: Session): Command {
  return new Command('whoami')
    .description('show the server, workspace and scopes of the key in use')
    .action(async (_options: unknown, command: Command) => {
      const connection = session.connection(command);
      const me = await whoIs(session.client(command, connection), session.signal);
      const out = session.output(command);
      const where: [string, string][] = [
        ['server', `${connection.url} (${connection.urlFrom})`],
        ['key from', connection.keyFrom],
      ];
      if (me === 'operator') {
        await out.result({ url: connection.url, principal: { kind: 'operator' } }, () => {
          out.line(bold('operator'), ' of this server, in no workspace');
          out.fields(where);
        });
        return;
      }
      await out.result({ url: connection.url, ...me }, () => {
        out.line(bold(me.workspace.name), '  ', dim(me.workspace.id));
        out.fields([
          ...where,
          [me.principal.kind === 'member' ? 'member' : 'key', `${me.principal.name} (${me.principal.id})`],
          ['expires', me.principal.expires_at === null ? 'never' : localTime(me.principal.expires_at)],
          ['rate limit', me.rate_limit === null ? undefined : `${me.rate_limit.requests_per_minute} a minute`],
          ['scopes', me.scopes.join(' ')],
        ]);
      });
    });
}

export function auditLogCommand(session: Session): Command {
  return limitOption(
    new Command('audit-log')
      .description('who changed what, newest first')
      .option('--action <action>', 'e.g. key.created')
      .option('--resource <id>', 'what it happened to')
      .option('--from <time>', 'RFC 3339')
      .option('--to <time>', 'RFC 3339'),
  ).action(
    async (
      options: { limit: number; action?: string; resource?: string; from?: string; to?: string },
      command: Command,
    ) => {
      const { limit, ...filter } = options;
      const page = { signal: session.signal, limit: Math.min(200, limit) };
      const rows = await collectPages(session.client(command).auditLog.list(filter, page), limit);
      const out = session.output(command);
      await out.result(rows, () =>
        out.table(
          [
            { title: 'WHEN' },
            { title: 'ACTION' },
            { title: 'RESOURCE' },
            { title: 'BY' },
            { title: 'DETAILS', flexible: true },
          ],
          rows.data.map((row) => [
            localTime(row.at),
            bold(row.action),
            row.resource,
            row.principal.id,
            JSON.stringify(row.details),
          ]),
        ),
      );
    },
  );
}
