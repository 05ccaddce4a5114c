import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Command } from 'commander';
import { readEnvironment } from '../environment.ts';
import { UsageError } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { bytes as byteSize } from '../terminal/format.ts';
import { bold, dim } from '../terminal/style.ts';

export function backupCommand(session: Session): Command {
  return new Command('backup')
    .description('everything that the server keeps, into one file, while it goes on working (operator key)')
    .argument('<file>', 'e.g. understudy.backup')
    .addHelpText('after', '\nThe file holds personal data and the hashes of keys. Keep it as you keep the database.')
    .action(async (file: string, _options: object, command: Command) => {
      const out = session.output(command);
      const stream = await session.client(command).backups.download({ signal: session.signal });
      const part = `${file}.part`;
      let bytes = 0;
      const count = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          bytes += chunk.length;
          done(null, chunk);
        },
      });
      const copy = new PassThrough();
      try {
        await Promise.all([
          pipeline(
            Readable.fromWeb(stream as never),
            count,
            async function* (chunks) {
              for await (const chunk of chunks) {
                if (!copy.write(chunk)) await new Promise((resolve) => copy.once('drain', resolve));
                yield chunk;
              }
              copy.end();
            },
            createWriteStream(part, { mode: 0o600 }),
          ).catch((error: Error) => {
            copy.destroy(error);
            throw error;
          }),
          assertWhole(copy),
        ]);
        const handle = await open(part, 'r+');
        await handle.sync();
        await handle.close();
        await rename(part, file);
      } catch (error) {
        await unlink(part).catch(() => {});
        throw error;
      }
      await out.result({ file, bytes }, () => out.line(bold(file), ' ', dim(`${byteSize(bytes)}, checked`)));
    });
}

/** Reads the lines as they come: the last one says what all the others have to hash to. */
async function assertWhole(stream: Readable): Promise<void> {
  const text = stream.pipe(createGunzip());
  stream.on('error', (error) => text.destroy(error));
  const hash = createHash('sha256');
  let last = '';
  let failure: Error | undefined;
  text.on('error', (error) => {
    failure = error;
  });
  for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (last !== '') hash.update(`${last}\n`);
    last = line;
  }
  if (failure !== undefined) throw new Error('the backup was cut off on its way', { cause: failure });
  const end = JSON.parse(last || 'null') as { kind?: string; sha256?: string } | null;
  if (end?.kind !== 'end' || end.sha256 !== hash.digest('hex')) throw new Error('the backup was cut off on its way');
}

export function restoreCommand(session: Session): Command {
  return new Command('restore')
    .description('put a backup into an empty data directory or database; no server may run on it')
    .argument('<file>')
    .addHelpText(
      'after',
      '\nUNDERSTUDY_DATA_DIR and DATABASE_URL say where, as for `start`. Keys and members are those of the backup.',
    )
    .action(async (file: string, _options: object, command: Command) => {
      const out = session.output(command);
      const { ConfigError, readConfig, restoreBackup } = await import('@understudy/server');
      let config: ReturnType<typeof readConfig>;
      try {
        config = readConfig(readEnvironment().server);
      } catch (error) {
        if (error instanceof ConfigError) throw new UsageError(error.message);
        throw error;
      }
      const restored = await restoreBackup(config, file, (what) => out.note(dim(`· ${what}`)));
      await out.result(restored, () => {
        const { rows, tables, objects, madeAt, version } = restored;
        out.line(bold(`${rows} rows`), ` of ${tables} tables and ${objects} objects are restored.`);
        out.line(dim(`Made at ${madeAt} by version ${version}. Next: understudy start, then ledger verify.`));
      });
    });
}
