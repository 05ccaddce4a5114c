import { Status, type Tone } from '../../components/status.tsx';

const words: Record<string, { tone: Tone; text: string }> = {
  certified: { tone: 'good', text: 'Certified' },
  not_certifiable_yet: { tone: 'warn', text: 'Not certifiable yet' },
  suspended: { tone: 'bad', text: 'Suspended' },
  superseded: { tone: 'quiet', text: 'Superseded' },
};

/** In a word, whether the task may answer alone. */
export function CertificateStatus({ status, mode }: { status: string | undefined; mode?: string }) {
  if (mode === 'off') return <Status tone="quiet">Paused</Status>;
  if (mode === 'uncertified') return <Status tone="warn">Without a certificate</Status>;
  if (status === undefined) return <Status tone="quiet">No model yet</Status>;
  const { tone, text } = words[status] ?? { tone: 'quiet' as const, text: status };
  return <Status tone={tone}>{text}</Status>;
}
