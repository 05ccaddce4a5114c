import { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { saveProfile } from '../profile.ts';
import type { Session } from '../session.ts';
import { localTime } from '../terminal/format.ts';
import { bold, dim, yellow } from '../terminal/style.ts';
import { collectPages, limitOption } from './paging.ts';

interface CreateOptions {
  save?: string | true;
  owner?: string;
  ownerEmail?: string;
}

export function workspaceCommand(session: Session): Command {
  const workspace = new Command('workspace').description('workspaces; needs the operator key (us_op_…)');

  workspace
    .command('create')
    .argument('<name>')
    .description('make a workspace and its first key, whose secret is shown once')
    .option('--save [profile]', 'store the new key as a profile and use it from now on')
    .option('--owner <name>', 'add its first member too, and print a link that signs them in')
    .option('--owner-email <address>', 'the address of that member')
    .addHelpText(
      'after',
      '\nExample:\n  understudy --key us_op_… workspace create "My shop" --owner "Ada Lovelace" --save',
    )
    .action(async (name: string, options: CreateOptions, command: Command) => {
      const connection = session.connection(command);
      const { owner, ownerEmail } = options;
      if (owner === undefined && ownerEmail !== undefined) throw new UsageError('--owner-email needs --owner');
      const request = {
        name,
        ...(owner === undefined
          ? {}
          : { owner: { name: owner, ...(ownerEmail === undefined ? {} : { email: ownerEmail }) } }),
      };
      const made = await session.client(command, connection).workspaces.create(request, { signal: session.signal });
      const saved =
        options.save === undefined
          ? undefined
          : saveProfile(session.environment, options.save === true ? 'default' : options.save, {
              url: connection.url,
              key: made.key.secret,
            });
      const out = session.output(command);
      await out.result(made, () => {
        out.line(bold(made.workspace.name), '  ', dim(made.workspace.id));
        const link =
          made.owner === undefined ? undefined : `${connection.url.replace(/\/+$/, '')}${made.owner.sign_in.path}`;
        out.fields([
          ['key', bold(made.key.secret)],
          ['sign in', link],
        ]);
        out.note(
          yellow('the key is shown once: keep it now'),
          saved === undefined ? '' : dim(`  (stored in ${saved})`),
        );
      });
    });

  limitOption(workspace.command('list').alias('ls').description('list the workspaces')).action(
    async (options: { limit: number }, command: Command) => {
      const page = { signal: session.signal, limit: Math.min(200, options.limit) };
      const rows = await collectPages(session.client(command).workspaces.list(page), options.limit);
      const out = session.output(command);
      await out.result(rows, () =>
        out.table(
          [{ title: 'WORKSPACE' }, { title: 'NAME' }, { title: 'CREATED' }],
          rows.data.map((row) => [row.id, bold(row.name), localTime(row.created_at)]),
        ),
      );
    },
  );

  return workspace;
}
