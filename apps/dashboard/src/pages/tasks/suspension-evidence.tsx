import type { ReactNode } from 'react';
import { Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/links.tsx';
import { Time } from '../../components/time.tsx';
import { count, percent } from '../../formatting/numbers.ts';
import { asSet } from './budget.ts';

const SHOWN = 8;

/** What the monitor writes, in the order and the words of a reader. */
const known: Record<string, { name: string; shown(value: unknown): ReactNode }> = {
  audited: { name: 'Audits answered', shown: (value) => count(value as number) },
  wrong: { name: 'Wrong among them', shown: (value) => count(value as number) },
  estimate: { name: 'Estimated error', shown: (value) => percent(value as number | null) },
  max_error: { name: 'Error budget', shown: (value) => asSet(value as number) },
  confidence: { name: 'How sure it was to be', shown: (value) => asSet(value as number) },
  e_value: {
    name: 'Strength of the evidence',
    shown: (value) => `${value} (e-value)`,
  },
  limit: { name: 'Enough to suspend', shown: (value) => `${value} (e-value)` },
  model_version: { name: 'Model version', shown: String },
  first_audit_at: { name: 'First audit', shown: (value) => <Time at={String(value)} /> },
  last_audit_at: { name: 'Last audit', shown: (value) => <Time at={String(value)} /> },
  method: { name: 'Method', shown: String },
};

/** What a suspension rests on. Names that are not known here are shown as they came. */
export function SuspensionEvidence({ evidence }: { evidence: Record<string, unknown> }) {
  const familiar = Object.entries(known)
    .filter(([key]) => evidence[key] !== undefined && evidence[key] !== null)
    .map(([key, { name, shown }]) => [name, shown(evidence[key])] as const);
  const others = Object.entries(evidence)
    .filter(([key, value]) => known[key] === undefined && value !== null && value !== undefined)
    .map(([key, value]) => [nameOf(key), plain(value)] as const);
  const rows = [...familiar, ...others];
  return rows.length === 0 ? null : <Facts rows={rows} />;
}

function nameOf(key: string): string {
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function plain(value: unknown): ReactNode {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) {
    return <span className="mono">{JSON.stringify(value)}</span>;
  }
  return (
    <>
      {value.slice(0, SHOWN).map((one: string) => (
        <div key={one}>
          {one.startsWith('dec_') ? (
            <TextLink to="/decisions/$decision" params={{ decision: one }} className="mono">
              {one}
            </TextLink>
          ) : (
            one
          )}
        </div>
      ))}
      {value.length > SHOWN && `and ${count(value.length - SHOWN)} more`}
    </>
  );
}
