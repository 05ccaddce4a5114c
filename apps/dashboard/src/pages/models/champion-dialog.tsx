import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { ModelVersion } from '@understudy/client';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { percent } from '../../formatting/numbers.ts';
import classes from './models.module.css';
import { certificateOf, metricsOf } from './version-metrics.ts';

interface ChampionButtonProps {
  version: ModelVersion;
  champion: string | undefined;
}

/** Lets a version answer from now on: forward it is a promotion, backward a roll-back. */
export function ChampionButton({ version, champion }: ChampionButtonProps) {
  const cache = useQueryClient();
  const [open, setOpen] = useState(false);
  const back = champion !== undefined && Number(version.version) < Number(champion);
  const verb = back ? 'Roll back' : 'Promote';
  const certificate = certificateOf(version);
  const { accuracy } = metricsOf(version);
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        className={classes.over ?? ''}
        onClick={() => setOpen(true)}
        aria-label={`${verb} to version ${version.version}`}
      >
        {verb}
      </Button>
      <ConfirmDialog
        opened={open}
        title={back ? `Roll back to version ${version.version}?` : `Let version ${version.version} answer?`}
        action={back ? 'Roll back' : 'Promote'}
        dangerous={back}
        reason={{ label: 'Reason', placeholder: 'Kept in the history, for whoever asks later' }}
        onConfirm={async (reason) => {
          await client.models.aliases.set(version.model, 'champion', version.version, { reason });
          await Promise.all(
            ['models', 'certification', 'overview'].map((key) => cache.invalidateQueries({ queryKey: [key] })),
          );
          notifications.show({
            message: `Version ${version.version} answers now.`,
          });
        }}
        onClose={() => setOpen(false)}
      >
        <p>
          {champion === undefined
            ? 'It answers from the next question on.'
            : `It takes the place of version ${champion} from the next question on; no question is lost.`}
          {accuracy !== null && ` It was right on ${percent(accuracy)} of the examples it had not seen.`}
        </p>
        <p>
          {certificate?.status === 'certified'
            ? `It has a certificate and may answer about ${percent(certificate.coverage)} alone, as long as the task’s error budget stays as it is.`
            : 'It has no certificate that is in force: until it gets one, everything goes to people, unless the task lets a model answer without.'}
        </p>
      </ConfirmDialog>
    </>
  );
}
