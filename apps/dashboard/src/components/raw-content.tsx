import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { bytes as sizeOf } from '../formatting/numbers.ts';
import { bytesOf, hexLines } from './hex-lines.ts';
import classes from './raw-content.module.css';

interface RawContentProps {
  /** As the API sends bytes. */
  body: { encoding: 'text' | 'base64'; data: string; bytes: number };
  /** For screen readers. */
  name: string;
}

const LONGEST = 20_000;

/** Bytes that somebody sent, as text or in hexadecimal: shown, never interpreted. */
export function RawContent({ body, name }: RawContentProps) {
  const [view, setView] = useState<'text' | 'hex'>(body.encoding === 'text' ? 'text' : 'hex');
  const text = body.encoding === 'text' ? body.data : null;
  const bytes = text === null ? bytesOf(body.data) : new TextEncoder().encode(text.slice(0, LONGEST));
  const cut = view === 'text' ? text !== null && text.length > LONGEST : body.bytes > 4096;
  return (
    <div>
      {text !== null && (
        <SegmentedControl
          size="xs"
          mb={8}
          aria-label={`Show ${name} as`}
          data={[
            { value: 'text', label: 'Text' },
            { value: 'hex', label: 'Bytes' },
          ]}
          value={view}
          onChange={(value) => setView(value as 'text' | 'hex')}
        />
      )}
      <p className={classes.note}>
        {sizeOf(body.bytes)}
        {text === null && ', which are no text'}
        {cut && '; only the beginning is shown'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard */}
      <section className={classes.content} tabIndex={0} aria-label={`${name} as ${view === 'text' ? 'text' : 'bytes'}`}>
        <pre className={view === 'text' ? classes.text : classes.hex} dir={view === 'text' ? 'auto' : 'ltr'}>
          {view === 'text' ? (text ?? '').slice(0, LONGEST) : hexLines(bytes).join('\n')}
        </pre>
      </section>
    </div>
  );
}
