import { Button, Code, Group, Progress } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { NotAnExport, type ValueReport, type ValueVerification, verifyValueExport } from '@understudy/client';
import { useRef, useState } from 'react';
import { client } from '../../api/client.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Panel } from '../../components/panel.tsx';
import { explain } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { count, plural } from '../../formatting/numbers.ts';
import { IconDownload, IconShieldCheck } from '../../theme/icons.ts';
import classes from './value.module.css';
import { fileName, linkTo, reportWindow } from './value-window.ts';

/** Web Crypto is there on https and on the own machine only. */
const canHash = globalThis.crypto?.subtle !== undefined;

/** The report with its rows, to be checked by somebody who trusts neither this page nor this server. */
export function ExportPanel({ report }: { report: ValueReport }) {
  const file = useRef<HTMLInputElement>(null);
  const [progress, setProgress] = useState<{ done: number; of: number } | null>(null);
  const window = reportWindow(report);
  const name = fileName(report, 'ndjson');
  const command = `understudy value --verify ${name}`;
  const check = useMutation({
    mutationFn: async (given: File | null) => {
      setProgress(null);
      const { from, to, task } = report;
      const bytes =
        given === null
          ? await client.value.export({ from, to, bucket: report.bucket, ...(task === null ? {} : { task }) })
          : given.stream();
      return verifyValueExport(bytes as unknown as AsyncIterable<Uint8Array>, {
        onProgress: (done, of) => setProgress({ done, of }),
      });
    },
  });
  return (
    <Panel
      title="Check it yourself"
      description="The export holds every ledger row that the figures rest on. From that file alone, each row’s hash, the chain of the ledger and every figure are computed again: one changed, missing or added row is found."
    >
      <Group gap={8}>
        <Button
          component="a"
          variant="default"
          href={linkTo('/v1/value/export', window)}
          download={name}
          leftSection={<IconDownload size={15} />}
        >
          Export for verification
        </Button>
        {canHash && (
          <>
            <Button
              variant="default"
              leftSection={<IconShieldCheck size={15} />}
              onClick={() => check.mutate(null)}
              loading={check.isPending}
            >
              Check this report here
            </Button>
            <Button variant="subtle" onClick={() => file.current?.click()} disabled={check.isPending}>
              Check a file
            </Button>
            <input
              ref={file}
              type="file"
              accept=".ndjson,.jsonl,.json,.txt"
              className="visually-hidden"
              tabIndex={-1}
              aria-label="Export to check"
              onChange={(event) => {
                const chosen = event.currentTarget.files?.[0];
                event.currentTarget.value = '';
                if (chosen !== undefined) check.mutate(chosen);
              }}
            />
          </>
        )}
      </Group>
      <div className={classes.command}>
        <Code className={classes.code ?? ''}>{command}</Code>
        <CopyButton value={command} what="the command" />
      </div>
      <p className={classes.quiet}>
        The command needs no connection and no key, and runs on any machine. That is the stronger check: a page can only
        be as honest as the server that it comes from.
        {!canHash && ' This browser cannot check here, because the page does not come over https.'}
      </p>
      <div aria-live="polite" className={classes.outcome}>
        {check.isPending && (
          <>
            <Progress
              value={progress === null ? 0 : (100 * progress.done) / Math.max(1, progress.of)}
              aria-label="Checking"
              animated
            />
            <p className={`${classes.quiet} figures`}>
              {progress === null ? 'Reading …' : `${count(progress.done)} of ${count(progress.of)} commits`}
            </p>
          </>
        )}
        {check.error !== null && !check.isPending && (
          <p className={classes.bad}>
            {check.error instanceof NotAnExport ? check.error.message : explain(check.error).detail}
          </p>
        )}
        {check.data !== undefined && !check.isPending && <Outcome result={check.data} />}
      </div>
    </Panel>
  );
}

const FINDINGS_SHOWN = 10;

function Outcome({ result }: { result: ValueVerification }) {
  return (
    <>
      <p className={classes.verdict}>
        {result.ok ? <Status tone="good">Holds</Status> : <Status tone="bad">Does not hold</Status>}{' '}
        {result.ok
          ? `Every figure follows from the ${plural(result.rows, 'row')} of the file, and these lead to the head of the ledger.`
          : `${plural(result.found, 'contradiction')} found.`}
      </p>
      {!result.ok && (
        <ul className={classes.notes}>
          {result.findings.slice(0, FINDINGS_SHOWN).map(({ kind, id, commit, detail }) => (
            <li key={`${kind} ${commit} ${id} ${detail}`}>
              {detail}
              {id !== null && (
                <>
                  {' '}
                  <span className="mono">{id}</span>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      <p className={`${classes.quiet} ${classes.digest}`}>
        <span>
          Head computed here: <span className="mono">{result.head}</span>, after {plural(result.size, 'commit')}
        </span>
      </p>
    </>
  );
}
