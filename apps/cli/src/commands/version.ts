import { UnderstudyError, VERSION } from '@understudy/client';
import { Command } from 'commander';
import type { Session } from '../session.ts';
import { dim } from '../terminal/style.ts';

export function versionCommand(session: Session): Command {
  return new Command('version')
    .description('show the versions of this program and of the server')
    .action(async (_options: unknown, command: Command) => {
      const client = session.client(command);
      const server = await client.health
        .version({ signal: session.signal, maxRetries: 0, timeoutMs: 2000 })
        .catch((error: unknown) => {
          if (error instanceof UnderstudyError) return null;
          throw error;
        });
      const out = session.output(command);
      await out.result({ cli: VERSION, node: process.versions.node, server }, () => {
        out.fields([
          ['understudy', VERSION],
          ['node', process.versions.node],
          [
            'server',
            server === null
              ? dim(`none at ${session.connection(command).url}`)
              : `${server.version} on Node ${server.node.replace(/^v/, '')}`,
          ],
        ]);
      });
    });
}
