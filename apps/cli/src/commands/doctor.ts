import { resolve } from 'node:path';
import type { BusSetting } from '@understudy/server';
import { Command } from 'commander';
import { busChecks } from '../doctor/buses.ts';
import { type Check, type Finding, runCheck } from '../doctor/check.ts';
import { dataDirectoryCheck, diskSpaceCheck, holderOf, lockCheck } from '../doctor/data-directory.ts';
import { duckdbCheck, nodeCheck, postgresBinaryCheck } from '../doctor/installation.ts';
import { showTrail } from '../doctor/message-trail.ts';
import { clockCheck, databaseCheck, keyCheck, portCheck, serverCheck } from '../doctor/network.ts';
import { Failed } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { dim, green, type Piece, red, yellow } from '../terminal/style.ts';

const MARKS: Record<Finding['status'], Piece> = {
  ok: green('ok  '),
  warn: yellow('warn'),
  fail: red('FAIL'),
  skip: dim('–   '),
};

/** The part of the configuration that the checks look at; its defaults when the configuration itself is broken. */
interface Place {
  host: string;
  port: number;
  dataDir: string;
  databaseUrl: string | undefined;
  buses: readonly BusSetting[];
}

async function readPlace(session: Session): Promise<{ place: Place; finding: Finding }> {
  const name = 'configuration';
  const { ConfigError, readConfig } = await import('@understudy/server');
  try {
    return {
      place: readConfig(session.environment.server),
      finding: { name, status: 'ok', detail: 'all settings are valid' },
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { UNDERSTUDY_DATA_DIR = './data', DATABASE_URL } = session.environment.server;
    return {
      place: {
        host: '127.0.0.1',
        port: 8080,
        dataDir: resolve(UNDERSTUDY_DATA_DIR),
        databaseUrl: DATABASE_URL || undefined,
        buses: [],
      },
      finding: {
        name,
        status: 'fail',
        detail: error.message.replaceAll('\n', '; '),
        mend: '`understudy start --help` lists all settings',
      },
    };
  }
}

export function doctorCommand(session: Session): Command {
  return new Command('doctor')
    .description('check the installation, and say what is wrong and how to mend it')
    .option('--message <id>', 'say where a message is and what happened to it, in order')
    .addHelpText(
      'after',
      '\nReads the same environment as `start`. Exit code 1 when something fails.\n\n--message takes the id of a message, job, decision, dead letter, reply or event, the id that its publisher gave\nthe message, or an external id.',
    )
    .action(async ({ message }: { message?: string }, command: Command) => {
      if (message !== undefined) {
        const trail = await session.client(command).trails.get(message, { signal: session.signal });
        const shown = session.output(command);
        await shown.result(trail, () => showTrail(shown, trail));
        return;
      }
      const connection = session.connection(command);
      const { place, finding } = await readPlace(session);
      const embedded = place.databaseUrl === undefined;
      let held = false;
      try {
        held = embedded && holderOf(place.dataDir).held;
      } catch {
        // the check of the lock says it
      }
      const server = { connection, expected: held || connection.urlFrom !== 'default' };
      const checks: Check[] = [
        nodeCheck(),
        postgresBinaryCheck(embedded),
        duckdbCheck(),
        dataDirectoryCheck(place.dataDir),
        diskSpaceCheck(place.dataDir),
        lockCheck(place.dataDir, embedded),
        databaseCheck(place.databaseUrl),
        ...busChecks(place.buses),
        portCheck(place.host, place.port),
        serverCheck(server),
        keyCheck(server),
        clockCheck(server),
      ];
      const findings = [finding];
      for (const check of checks) findings.push(await runCheck(check));
      const failed = findings.filter(({ status }) => status === 'fail').length;
      const out = session.output(command);
      await out.result({ ok: failed === 0, checks: findings }, () => {
        const width = Math.max(...findings.map(({ name }) => name.length));
        for (const { name, status, detail, mend } of findings) {
          out.line(MARKS[status], '  ', name.padEnd(width), '  ', detail);
          if (mend !== undefined) out.line(' '.repeat(width + 8), dim(`→ ${mend}`));
        }
        out.line('');
        out.line(
          failed === 0 ? green('nothing is wrong') : red(`${failed} ${failed === 1 ? 'check' : 'checks'} failed`),
        );
      });
      if (failed > 0) throw new Failed('doctor');
    });
}
