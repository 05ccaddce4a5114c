import classes from './content.module.css';
import { highlightSegments, type Weighted } from './highlight-segments.ts';

/** What was asked, as it came: text stays text, whatever it looks like. Names of fields only where there are several. */
export function InputContent({ input, features }: { input: unknown; features?: readonly Weighted[] }) {
  const fields =
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? Object.entries(input)
      : [['input', input] as const];
  return (
    <div className={classes.fields}>
      {fields.map(([name, value]) => (
        <div key={name}>
          {fields.length > 1 && <div className={classes.name}>{name}</div>}
          <div className={`content ${classes.value}`} dir="auto">
            {typeof value === 'string' ? (
              <Highlighted text={value} features={name === 'text' ? (features ?? []) : []} />
            ) : (
              JSON.stringify(value, null, 2)
            )}
          </div>
        </div>
      ))}
    </div>
  );
}

/** A text with its evidence marked: what spoke for the answer, what against it; said in words too. */
export function Highlighted({ text, features }: { text: string; features: readonly Weighted[] }) {
  if (features.length === 0) return text;
  return highlightSegments(text, features).map((part, index) =>
    Math.abs(part.strength) < 0.12 ? (
      part.text
    ) : (
      <mark
        // biome-ignore lint/suspicious/noArrayIndexKey: parts do not move
        key={index}
        className={classes.mark}
        data-against={part.strength < 0 || undefined}
        style={{ '--strength': `${Math.round(25 + 75 * Math.abs(part.strength))}%` } as never}
        title={part.strength > 0 ? 'spoke for the answer' : 'spoke against the answer'}
      >
        {part.text}
      </mark>
    ),
  );
}
