import type { ModelVersion } from '@understudy/client';
import { Status, type Tone } from '../../components/status.tsx';
import { percent } from '../../formatting/numbers.ts';
import classes from './models.module.css';
import { certificateOf } from './version-metrics.ts';

const words: Record<string, { tone: Tone; text: string }> = {
  certified: { tone: 'good', text: 'Certified' },
  not_certifiable_yet: { tone: 'warn', text: 'Not certifiable yet' },
  suspended: { tone: 'bad', text: 'Suspended' },
};

/** Whether a version has a certificate, and how much it may answer alone by it. */
export function VersionCertificateStatus({ version }: { version: ModelVersion }) {
  const certificate = certificateOf(version);
  if (certificate === null) return <Status tone="quiet">Never certified</Status>;
  const { tone, text } = words[certificate.status] ?? { tone: 'quiet' as const, text: certificate.status };
  return (
    <>
      <Status tone={tone}>{text}</Status>
      {certificate.status === 'certified' && certificate.coverage !== null && (
        <span className={classes.under}>about {percent(certificate.coverage)} alone</span>
      )}
    </>
  );
}
