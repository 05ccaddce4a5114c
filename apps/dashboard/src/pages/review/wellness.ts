import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useState } from 'react';

export interface Wellness {
  /** Content is blurred until it is asked for. */
  blur: boolean;
  grayscale: boolean;
}

/** Kept in this browser: what somebody can bear is theirs alone. */
export function useWellness(): [Wellness, (change: Partial<Wellness>) => void] {
  const [value, setValue] = useLocalStorage<Wellness>({
    key: 'understudy-review-wellness',
    defaultValue: { blur: false, grayscale: false },
    getInitialValueInEffect: false,
  });
  return [value, (change) => setValue({ ...value, ...change })];
}

const HOUR_MS = 3_600_000;
const BREAK_MS = 5 * 60_000;

/** True after an hour of work without five minutes of rest, until it is dismissed or the rest is taken. */
export function usePauseHint(worked: number): [boolean, () => void] {
  const [since, setSince] = useState(() => Date.now());
  const [last, setLast] = useState(() => Date.now());
  const [due, setDue] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when something was answered
  useEffect(() => {
    const now = Date.now();
    const rested = now - last >= BREAK_MS;
    setLast(now);
    if (rested) {
      setSince(now);
      setDue(false);
    } else if (now - since >= HOUR_MS) setDue(true);
  }, [worked]);
  return [
    due,
    () => {
      setSince(Date.now());
      setDue(false);
    },
  ];
}
