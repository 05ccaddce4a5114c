import { Forbidden, type Member, type UnderstudyClient } from '@understudy/client';
import { Argument, Command, Option } from 'commander';
import { UsageError } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { localTime } from '../terminal/format.ts';
import { bold, dim, red, yellow } from '../terminal/style.ts';
import { collectPages, limitOption } from './paging.ts';

const ROLES = ['owner', 'admin', 'lead', 'reviewer', 'viewer'];

/** A member by id, e-mail address or name. */
async function findMember(client: UnderstudyClient, wanted: string, signal: AbortSignal): Promise<Member> {
  if (wanted.startsWith('mem_')) return client.members.get(wanted, { signal });
  const same = (text: string | null) => text?.toLowerCase() === wanted.toLowerCase();
  const found: Member[] = [];
  for await (const member of client.members.list({ signal, limit: 200 })) {
    if (same(member.email) || same(member.name)) found.push(member);
  }
  if (found.length === 1) return found[0]!;
  throw new UsageError(
    found.length === 0
      ? `there is no member ${wanted}`
      : `${found.length} members are called ${wanted}: name one by its id (${found.map(({ id }) => id).join(', ')})`,
  );
}

export function membersCommand(session: Session): Command {
  const members = new Command('members').description('the people of the workspace');

  limitOption(members.command('list').alias('ls').description('list the members')).action(
    async (options: { limit: number }, command: Command) => {
      const page = { signal: session.signal, limit: Math.min(200, options.limit) };
      const rows = await collectPages(session.client(command).members.list(page), options.limit);
      const out = session.output(command);
      await out.result(rows, () =>
        out.table(
          [{ title: 'MEMBER' }, { title: 'NAME' }, { title: 'E-MAIL' }, { title: 'ROLE' }, { title: 'LAST SEEN' }],
          rows.data.map((member) => [
            member.id,
            bold(member.name),
            member.email ?? '',
            member.active ? member.role : red(`${member.role}, not active`),
            localTime(member.last_seen_at),
          ]),
        ),
      );
    },
  );

  members
    .command('add')
    .argument('<name>')
    .addArgument(new Argument('<role>', 'what they may do').choices(ROLES))
    .description('add a member; `understudy sign-in <name>` then prints a link for them')
    .option('--email <address>', 'to tell people apart; nothing is sent there')
    .action(async (name: string, role: Member['role'], { email }: { email?: string }, command: Command) => {
      const request = { name, role, ...(email === undefined ? {} : { email }) };
      const member = await session.client(command).members.add(request, { signal: session.signal });
      const out = session.output(command);
      await out.result(member, () => out.line(bold(member.name), '  ', member.role, '  ', dim(member.id)));
    });

  members
    .command('change')
    .argument('<member>', 'id, e-mail address or name')
    .description('change a role, or whether they may sign in')
    .addOption(new Option('--role <role>').choices(ROLES))
    .option('--deactivate', 'sign them out everywhere, for as long as they are not active')
    .option('--activate', 'let them sign in again')
    .action(
      async (
        wanted: string,
        options: { role?: Member['role']; activate?: boolean; deactivate?: boolean },
        command: Command,
      ) => {
        const { role, activate = false, deactivate = false } = options;
        if (activate && deactivate) throw new UsageError('--activate and --deactivate together make no sense');
        if (role === undefined && !activate && !deactivate) throw new UsageError('say what to change; see --help');
        const client = session.client(command);
        const { signal } = session;
        const { id } = await findMember(client, wanted, signal);
        const change = {
          ...(role === undefined ? {} : { role }),
          ...(activate || deactivate ? { active: activate } : {}),
        };
        const member = await client.members.change(id, change, { signal });
        const out = session.output(command);
        await out.result(member, () =>
          out.line(bold(member.name), '  ', member.role, member.active ? '' : red(', not active')),
        );
      },
    );

  members
    .command('remove')
    .argument('<member>', 'id, e-mail address or name')
    .description('remove a member: name and address are erased, what they did stays under their id')
    .option('-y, --yes', 'do not ask')
    .action(async (wanted: string, { yes }: { yes?: boolean }, command: Command) => {
      const client = session.client(command);
      const { signal } = session;
      const member = await findMember(client, wanted, signal);
      if (yes !== true && !(await session.confirm(`Remove ${member.name} (${member.role})?`))) {
        throw new UsageError('nothing was removed; --yes does it without asking');
      }
      await client.members.remove(member.id, { signal });
      const out = session.output(command);
      await out.result({ removed: member.id }, () => out.line(`${member.name} is removed`));
    });

  return members;
}

/** The first active owner, when the key in use may sign them in; else the key itself. */
async function ownCode(client: UnderstudyClient, signal: AbortSignal) {
  try {
    const owners: Member[] = [];
    for await (const member of client.members.list({ signal, limit: 200 })) {
      if (member.role === 'owner' && member.active) owners.push(member);
    }
    const owner = owners.at(-1);
    if (owner !== undefined) return { as: owner.name, made: await client.members.signInCode(owner.id, { signal }) };
  } catch (error) {
    if (!(error instanceof Forbidden)) throw error;
  }
  return { as: 'the key in use', made: await client.session.signInCode({ signal }) };
}

export function signInCommand(session: Session): Command {
  return new Command('sign-in')
    .argument('[member]', 'id, e-mail address or name; default: the first owner')
    .description('print a link that signs a browser in, once, within 15 minutes')
    .addHelpText(
      'after',
      `
Without a member, a key that may not sign the owner in prints a link with its own rights.

Examples:
  understudy sign-in
  understudy sign-in "Ada Lovelace"`,
    )
    .action(async (wanted: string | undefined, _options: unknown, command: Command) => {
      const connection = session.connection(command);
      const client = session.client(command, connection);
      const { signal } = session;
      let code: Awaited<ReturnType<typeof ownCode>>;
      if (wanted === undefined) code = await ownCode(client, signal);
      else {
        const member = await findMember(client, wanted, signal);
        code = { as: member.name, made: await client.members.signInCode(member.id, { signal }) };
      }
      const url = `${connection.url.replace(/\/+$/, '')}${code.made.path}`;
      const out = session.output(command);
      await out.result({ url, as: code.as, ...code.made }, () => {
        out.line(bold(url));
        out.note(yellow(`signs in as ${code.as}, once, until ${localTime(code.made.expires_at)}`));
      });
    });
}
