import { Kbd, UnstyledButton } from '@mantine/core';
import type { ReviewClaim } from '@understudy/client';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { InputContent } from '../../components/content.tsx';
import classes from './grid-mode.module.css';
import { keyOf, placeOf } from './label-keys.ts';
import type { ReviewDesk } from './review-desk.ts';
import type { Wellness } from './wellness.ts';

interface GridModeProps {
  desk: ReviewDesk;
  items: readonly ReviewClaim[];
  wellness: Wellness;
}

/** Many short items side by side: arrows go from one to the next, number keys answer the one that has the focus. */
export function GridMode({ desk, items, wellness }: GridModeProps) {
  const grid = useRef<HTMLUListElement>(null);
  const focusNext = useRef<number | null>(null);

  // An answered item leaves; the one that takes its place gets the focus, so that a hand needs not search.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the items change
  useEffect(() => {
    if (focusNext.current === null) return;
    const cards = grid.current?.querySelectorAll<HTMLElement>('[data-card]') ?? [];
    cards[Math.min(focusNext.current, cards.length - 1)]?.focus();
    focusNext.current = null;
  }, [items]);

  const onKey = (event: KeyboardEvent, claim: ReviewClaim, place: number) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const label = claim.labels[placeOf(event.key)];
    const key = event.key.toLowerCase();
    if (label !== undefined) desk.answer(claim, label);
    else if (key === 's') desk.skip(claim);
    else if (key === 'e') desk.escalate(claim);
    else if (key === 'u') void desk.undo();
    else if (key.startsWith('arrow')) {
      const cards = [...(grid.current?.querySelectorAll<HTMLElement>('[data-card]') ?? [])];
      cards[neighbour(cards, place, key)]?.focus();
      event.preventDefault();
      return;
    } else return;
    event.preventDefault();
    focusNext.current = place;
  };

  return (
    <ul ref={grid} className={classes.grid} aria-label="Items">
      {items.map((claim, place) => (
        <li key={claim.item} className={classes.cell}>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a card */}
          <div
            role="group"
            aria-label={`Item ${place + 1} of ${items.length}`}
            data-card
            data-item={claim.item}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: number keys answer the card that has the focus
            tabIndex={0}
            className={classes.card}
            onKeyDown={(event) => onKey(event, claim, place)}
          >
            <div
              className={classes.content}
              data-blur={wellness.blur || undefined}
              data-grayscale={wellness.grayscale || undefined}
            >
              <InputContent input={claim.decision.input} />
            </div>
            <div className={classes.labels}>
              {claim.labels.slice(0, 10).map((label, index) => (
                <UnstyledButton
                  key={label}
                  tabIndex={-1}
                  className={classes.label}
                  data-suggested={claim.decision.suggestion?.label === label || undefined}
                  onClick={() => {
                    focusNext.current = place;
                    desk.answer(claim, label);
                  }}
                >
                  <Kbd size="xs" className={classes.key ?? ''}>
                    {keyOf(index)}
                  </Kbd>
                  {label}
                </UnstyledButton>
              ))}
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The card in that direction; up and down by where cards stand on the screen. */
function neighbour(cards: readonly HTMLElement[], place: number, key: string): number {
  if (key === 'arrowright') return Math.min(cards.length - 1, place + 1);
  if (key === 'arrowleft') return Math.max(0, place - 1);
  const here = cards[place]!.getBoundingClientRect();
  const down = key === 'arrowdown';
  let best = place;
  let bestDistance = Number.POSITIVE_INFINITY;
  cards.forEach((card, index) => {
    const { top, left } = card.getBoundingClientRect();
    const away = down ? top - here.top : here.top - top;
    if (away <= 1) return;
    const distance = away * 10 + Math.abs(left - here.left);
    if (distance < bestDistance) {
      best = index;
      bestDistance = distance;
    }
  });
  return best;
}
