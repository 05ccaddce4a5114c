import type { DeadLetterSummary } from '@understudy/client';
import { TextLink } from '../../components/links.tsx';
import { Status } from '../../components/status.tsx';
import type { LetterKind, LetterState } from './dead-letters-search.ts';

export const kindNames: Record<LetterKind, string> = { failed: 'Failed', unprocessable: 'Unprocessable' };

export const kindWords: Record<LetterKind, string> = {
  failed: 'It was tried several times and failed each time. Once the cause is gone, it may well succeed.',
  unprocessable: 'As it is, it can never succeed. It has to be changed, or what reads it has to be.',
};

export const stateNames: Record<LetterState, string> = {
  waiting: 'Waiting',
  replayed: 'Replayed',
  discarded: 'Discarded',
};

export const originNames: Record<DeadLetterSummary['origin']['kind'], string> = {
  job: 'Job',
  source: 'Source',
  outgoing: 'Outgoing message',
};

export function KindStatus({ kind }: { kind: LetterKind }) {
  return <Status tone={kind === 'failed' ? 'warn' : 'bad'}>{kindNames[kind]}</Status>;
}

export function StateStatus({ state }: { state: LetterState }) {
  const tone = state === 'waiting' ? 'info' : state === 'replayed' ? 'good' : 'quiet';
  return <Status tone={tone}>{stateNames[state]}</Status>;
}

/** Where it comes from, with the way there. */
export function Origin({ origin: { kind, id } }: { origin: DeadLetterSummary['origin'] }) {
  if (kind === 'job') {
    return (
      <TextLink to="/jobs/$job" params={{ job: id }}>
        {originNames.job} <span className="mono">{id}</span>
      </TextLink>
    );
  }
  return (
    <>
      {originNames[kind]} <span className="mono">{id}</span>
    </>
  );
}
