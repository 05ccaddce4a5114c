import { Command, InvalidArgumentError } from 'commander';
import { list } from '../rows/columns.ts';
import type { Session } from '../session.ts';
import { localTime } from '../terminal/format.ts';
import { bold, dim, red, yellow } from '../terminal/style.ts';
import { collectPages, limitOption, positive } from './paging.ts';

const UNITS: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `90d`, `12h`, `4w`, or a time in RFC 3339; as RFC 3339. */
function expiry(value: string): string {
  const match = /^(\d{1,5})([hdw])$/.exec(value);
  const time = match === null ? Date.parse(value) : Date.now() + Number(match[1]) * UNITS[match[2]!]!;
  if (Number.isNaN(time)) throw new InvalidArgumentError('It must be like 12h, 90d, 4w or 2027-01-31T00:00:00Z.');
  return new Date(time).toISOString();
}

export function keysCommand(session: Session): Command {
  const keys = new Command('keys').description('API keys of the workspace');

  limitOption(keys.command('list').alias('ls').description('list the keys')).action(
    async (options: { limit: number }, command: Command) => {
      const page = { signal: session.signal, limit: Math.min(200, options.limit) };
      const rows = await collectPages(session.client(command).keys.list(page), options.limit);
      const out = session.output(command);
      await out.result(rows, () =>
        out.table(
          [
            { title: 'KEY' },
            { title: 'NAME' },
            { title: 'BEGINS' },
            { title: 'STATE' },
            { title: 'LAST USED' },
            { title: 'SCOPES', flexible: true },
          ],
          rows.data.map((key) => [
            key.id,
            bold(key.name),
            key.hint,
            key.revoked_at !== null
              ? red('revoked')
              : key.expires_at === null
                ? 'valid'
                : Date.parse(key.expires_at) < Date.now()
                  ? red('expired')
                  : `until ${localTime(key.expires_at)}`,
            localTime(key.last_used_at),
            key.scopes.join(' '),
          ]),
        ),
      );
    },
  );

  keys
    .command('create')
    .argument('<name>', 'what it is for')
    .description('make a key; its secret is shown once')
    .requiredOption('--scopes <scopes>', 'comma-separated, or `all` for those of the key in use', list)
    .option('--expires <when>', '12h, 90d, 4w or a time', expiry)
    .option('--rate-limit <requests>', 'requests a minute', positive)
    .addHelpText(
      'after',
      '\nExample:\n  understudy keys create shop --scopes predictions:write,decisions:read --expires 90d',
    )
    .action(
      async (name: string, options: { scopes: string[]; expires?: string; rateLimit?: number }, command: Command) => {
        const client = session.client(command);
        const all = options.scopes.length === 1 && options.scopes[0] === 'all';
        const scopes = all ? (await client.me({ signal: session.signal })).scopes : options.scopes;
        const made = await client.keys.create(
          {
            name,
            scopes,
            ...(options.expires === undefined ? {} : { expires_at: options.expires }),
            ...(options.rateLimit === undefined ? {} : { rate_limit: { requests_per_minute: options.rateLimit } }),
          },
          { signal: session.signal },
        );
        const out = session.output(command);
        await out.result(made, () => {
          out.line(bold(made.secret));
          out.note(yellow('this is shown once: keep it now'), dim(`  (${made.id}, ${made.scopes.length} scopes)`));
        });
      },
    );

  keys
    .command('revoke')
    .argument('<key>', 'its id (key_…)')
    .description('revoke a key; effective everywhere within 5 seconds')
    .action(async (id: string, _options: unknown, command: Command) => {
      await session.client(command).keys.revoke(id, { signal: session.signal });
      const out = session.output(command);
      await out.result({ revoked: id }, () => out.line(`${id} is revoked`));
    });

  return keys;
}
