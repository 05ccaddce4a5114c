import { Button, Checkbox, Group, Progress, Table } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ImportResponse, UnderstudyError } from '@understudy/client';
import { type DragEvent, useRef, useState } from 'react';
import { client } from '../../api/client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { explain } from '../../components/states.tsx';
import { LabelName, Status } from '../../components/status.tsx';
import { bytes, count, percent, plural } from '../../formatting/numbers.ts';
import { IconUpload } from '../../theme/icons.ts';
import classes from './import-panel.module.css';
import { exampleStatsQuery } from './task-queries.ts';

interface RowProblem {
  line: number | null;
  code: string;
  detail: string;
}

const formatOf = (name: string) =>
  /\.(ndjson|jsonl)(\.gz)?$/i.test(name) ? 'ndjson' : /\.json(\.gz)?$/i.test(name) ? 'json' : 'csv';

/** Examples from a file: dropped or chosen, with progress, and row by row what is wrong with it. */
export function ImportPanel({ task }: { task: string }) {
  const cache = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState(0);
  const [addLabels, setAddLabels] = useState(false);
  const upload = useMutation({
    mutationFn: ({ chosen, skip }: { chosen: File; skip: boolean }) => {
      setSent(0);
      return client.examples.import(task, chosen, {
        format: formatOf(chosen.name),
        gzipped: chosen.name.toLowerCase().endsWith('.gz'),
        onInvalid: skip ? 'skip' : 'reject',
        newLabels: addLabels ? 'add' : 'reject',
        onProgress: setSent,
      });
    },
    onSettled: async () => {
      await cache.invalidateQueries({ queryKey: ['examples', task] });
      await cache.invalidateQueries({ queryKey: ['tasks', task] });
    },
  });
  const take = (chosen: File | undefined, skip = false) => {
    if (chosen === undefined || upload.isPending) return;
    setFile(chosen);
    upload.mutate({ chosen, skip });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const refused = upload.error === null ? null : problemsOf(upload.error);
  return (
    <div className={classes.stack}>
      <Stock task={task} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same */}
      <div
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {upload.isPending && file !== null ? (
          <div className={classes.progress} role="status">
            <p className={classes.file}>{file.name}</p>
            <Progress
              value={sent >= file.size ? 100 : (100 * sent) / Math.max(1, file.size)}
              animated={sent >= file.size}
              aria-label="Import"
            />
            <p className={classes.hint}>
              {sent >= file.size
                ? 'The server reads and checks the rows …'
                : `${bytes(sent)} of ${bytes(file.size)} (${percent(sent / Math.max(1, file.size), 0)})`}
            </p>
          </div>
        ) : (
          <>
            <IconUpload size={22} aria-hidden="true" className={classes.icon} />
            <p className={classes.lead}>Drop a file here</p>
            <p className={classes.hint}>
              CSV with a header row and the columns <span className="mono">text</span> and{' '}
              <span className="mono">label</span>, or JSON lines. Compressed with gzip is fine, too.
            </p>
            <Button variant="default" size="xs" mt="sm" onClick={() => input.current?.click()}>
              Choose a file
            </Button>
          </>
        )}
        <input
          ref={input}
          type="file"
          accept=".csv,.tsv,.txt,.ndjson,.jsonl,.json,.gz"
          className="visually-hidden"
          tabIndex={-1}
          aria-label="File with examples"
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      <Checkbox
        size="sm"
        checked={addLabels}
        onChange={(event) => setAddLabels(event.currentTarget.checked)}
        label="Add answers that stand in the file and that the task does not have yet"
      />
      <div aria-live="polite">
        {upload.data !== undefined && <Result result={upload.data} />}
        {refused !== null && (
          <div className={classes.refused}>
            <p className={classes.lead}>Nothing was imported</p>
            <p className={classes.hint}>{explain(upload.error).detail}</p>
            <ProblemRows problems={refused} />
            {refused.length > 0 && file !== null && (
              <Group gap="xs" mt="sm">
                <Button size="xs" onClick={() => take(file, true)}>
                  Import the good rows, leave these out
                </Button>
                <Button size="xs" variant="default" onClick={() => take(file)}>
                  Try again
                </Button>
              </Group>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

/** What is there already. */
function Stock({ task }: { task: string }) {
  const { data } = useQuery(exampleStatsQuery(task));
  if (data === undefined || data.examples === 0) return null;
  return (
    <div className={classes.stock}>
      <span>
        {plural(data.examples, 'example')} so far
        {data.conflicts > 0 && `, ${count(data.conflicts)} of them with another answer to the same text`}:
      </span>
      {data.labels.slice(0, 12).map(({ name, examples }) => (
        <span key={name} className={classes.each}>
          <LabelName name={name} /> {count(examples)}
        </span>
      ))}
      {data.labels.length > 12 && <span>and {data.labels.length - 12} more answers</span>}
    </div>
  );
}

function Result({ result }: { result: ImportResponse }) {
  return (
    <div className={classes.result}>
      <p className={classes.lead}>
        <Status tone="good">Imported</Status> {plural(result.accepted, 'example')}
      </p>
      <ul className={classes.notes}>
        {result.duplicates > 0 && <li>{plural(result.duplicates, 'row')} left out: the task has them already.</li>}
        {result.conflicts > 0 && (
          <li>{plural(result.conflicts, 'row')} with another answer than an earlier row with the same text.</li>
        )}
        {result.rejected > 0 && (
          <li>{plural(result.rejected, 'row')} left out because something is wrong with them:</li>
        )}
        {result.new_labels.length > 0 && <li>New answers: {result.new_labels.join(', ')}</li>}
      </ul>
      <ProblemRows problems={result.problems} />
    </div>
  );
}

function ProblemRows({ problems }: { problems: readonly RowProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <div className={classes.problems}>
      <DataTable
        caption="Rows with problems"
        minWidth={320}
        columns={[{ head: 'Line', width: 80 }, { head: 'Problem' }]}
      >
        {problems.map((problem, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line may have several problems; the list does not change
          <Table.Tr key={index}>
            <Table.Td className="figures">{problem.line ?? '–'}</Table.Td>
            <Table.Td className="content">{problem.detail}</Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
      {problems.length >= 100 && <p className={classes.hint}>The first 100 are shown.</p>}
    </div>
  );
}

/** The rows that an import was refused for; empty when it failed otherwise. */
function problemsOf(error: unknown): RowProblem[] {
  if (!(error instanceof UnderstudyError)) return [];
  const { problems, errors } = error.problem ?? {};
  const rows = Array.isArray(problems) ? problems : (errors ?? []);
  return rows.map((row: { line?: unknown; code?: unknown; detail?: unknown }) => ({
    line: typeof row.line === 'number' ? row.line : null,
    code: String(row.code ?? ''),
    detail: String(row.detail ?? ''),
  }));
}
