import { checkProof, type VerifyReport } from '@understudy/client';
import { Command, InvalidArgumentError } from 'commander';
import { Failed } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { count } from '../terminal/format.ts';
import { bold, dim, green, red, yellow } from '../terminal/style.ts';

/** `<size>:<head>`, as `ledger head` prints it. */
export function trustedHead(value: string): { size: number; head: string } {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(value);
  if (match === null)
    throw new InvalidArgumentError('It must be <size>:<head>, as `understudy ledger head` prints it.');
  return { size: Number(match[1]), head: match[2]! };
}

export function ledgerCommand(session: Session): Command {
  const ledger = new Command('ledger').description('the tamper-evident log of all decisions');

  ledger
    .command('head')
    .description('print the head of the log; keep it to recognise later changes')
    .action(async (_options: unknown, command: Command) => {
      const head = await session.client(command).ledger.head({ signal: session.signal });
      const out = session.output(command);
      await out.result(head, () => {
        out.line(bold(`${head.size}:${head.head}`));
        out.line(
          dim(`${count(head.decisions)} decisions, ${count(head.entries)} entries in ${count(head.size)} commits`),
        );
      });
    });

  ledger
    .command('verify')
    .description('read and hash every row again; exit code 1 when one was altered, removed, inserted or moved')
    .option('--trusted <size:head>', 'a head that you kept: the log must have passed it', trustedHead)
    .addHelpText(
      'after',
      '\nExample:\n  understudy ledger head > head.txt   # keep it away from the server\n  understudy ledger verify --trusted "$(head -1 head.txt)"',
    )
    .action(async (options: { trusted?: { size: number; head: string } }, command: Command) => {
      const progress = session.progress(command);
      let report: VerifyReport;
      try {
        report = await session.client(command).ledger.verify({
          signal: session.signal,
          ...(options.trusted === undefined ? {} : { trusted: options.trusted }),
          onProgress: (done, total) =>
            progress.update(total === 0 ? 1 : done / total, 'verifying', `${count(done)} of ${count(total)} commits`),
        });
      } finally {
        progress.stop();
      }
      await session.output(command).result(report, () => showReport(session, command, report));
      if (!report.ok) throw new Failed('the ledger is damaged');
    });

  ledger
    .command('proof')
    .argument('<decision>', 'its id (dec_…)')
    .description('prove that a decision stands in the log; checked here, without trust in the server')
    .option('--trusted <size:head>', 'the head that you kept; the proof must lead to it', trustedHead)
    .action(async (id: string, options: { trusted?: { size: number; head: string } }, command: Command) => {
      const proof = await session.client(command).ledger.proof(id, { signal: session.signal });
      const leads = await checkProof(proof);
      const { trusted } = options;
      const matches = trusted === undefined || trusted.size !== proof.log.size ? null : trusted.head === proof.log.head;
      const out = session.output(command);
      await out.result({ ...proof, checked: leads, trusted_head_matches: matches }, () => {
        out.line(leads ? green('the proof holds') : red('the proof does not hold'), '  ', dim(id));
        out.fields([
          ['commit', `${proof.commit.seq}, position ${proof.commit.position} of ${proof.commit.entries}`],
          ['head', `${proof.log.size}:${proof.log.head}`],
          [
            'your head',
            matches === null
              ? trusted === undefined
                ? undefined
                : yellow('is of another size: compare with `ledger verify --trusted`')
              : matches
                ? green('is the same')
                : red('is another one'),
          ],
        ]);
      });
      if (!leads || matches === false) throw new Failed('the proof does not hold');
    });

  return ledger;
}

const MOST_DAMAGE = 20;

function showReport(session: Session, command: Command, report: VerifyReport): void {
  const out = session.output(command);
  const rows = `${count(report.entries)} entries in ${count(report.size)} commits`;
  if (report.ok) {
    out.line(
      green('the ledger is sound'),
      `: ${rows}`,
      report.erased === 0 ? '' : `, ${count(report.erased)} of them erased`,
    );
    out.line(dim(`head ${report.size}:${report.head}`));
    return;
  }
  out.line(red('the ledger is damaged'), `: ${rows}`);
  out.fields(Object.entries(report.damage).map(([kind, number]) => [kind, red(count(number))]));
  out.table(
    [
      { title: 'DAMAGE' },
      { title: 'COMMIT', align: 'right' },
      { title: 'POSITION', align: 'right' },
      { title: 'ID' },
      { title: 'DETAIL', flexible: true },
    ],
    report.found
      .slice(0, MOST_DAMAGE)
      .map((one) => [red(one.kind), String(one.commit ?? '–'), String(one.position ?? '–'), one.id ?? '–', one.detail]),
  );
  if (report.found.length > MOST_DAMAGE)
    out.line(dim(`… and ${report.found.length - MOST_DAMAGE} more; --json shows them`));
}
