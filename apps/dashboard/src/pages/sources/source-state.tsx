import type { Source } from '@understudy/client';
import { Status, type Tone } from '../../components/status.tsx';

const words: Record<Source['state'], { tone: Tone; name: string; means: string }> = {
  idle: { tone: 'warn', name: 'Idle', means: 'No worker runs it at the moment. Messages wait in the broker.' },
  connecting: { tone: 'info', name: 'Connecting', means: 'A worker is connecting to the broker.' },
  running: { tone: 'good', name: 'Running', means: 'Messages are taken as they come.' },
  paused: { tone: 'quiet', name: 'Paused', means: 'Somebody has paused it. Messages wait in the broker.' },
  failing: { tone: 'bad', name: 'Failing', means: 'Messages wait in the broker until this is solved.' },
};

export function SourceState({ state }: { state: Source['state'] }) {
  return <Status tone={words[state].tone}>{words[state].name}</Status>;
}

export const meaningOf = (state: Source['state']): string => words[state].means;
