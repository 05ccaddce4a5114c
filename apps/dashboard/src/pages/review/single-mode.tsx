import { Button, Group, Kbd, Textarea } from '@mantine/core';
import type { ReviewClaim, ReviewTask } from '@understudy/client';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { InputContent } from '../../components/content.tsx';
import { Panel } from '../../components/panel.tsx';
import { IconFlag, IconPlayerSkipForward } from '../../theme/icons.ts';
import { placeOf } from './label-keys.ts';
import { LabelPicker } from './label-picker.tsx';
import type { ReviewDesk } from './review-desk.ts';
import classes from './single-mode.module.css';
import type { Wellness } from './wellness.ts';

interface SingleModeProps {
  desk: ReviewDesk;
  claim: ReviewClaim;
  task: ReviewTask | undefined;
  wellness: Wellness;
  /** What stands under the item, and on a narrow screen under the answers. */
  children: ReactNode;
}

/** Characters beyond which an item is read like a page and no longer like a headline. */
const LONG = 320;

const lengthOf = (input: unknown): number => (JSON.stringify(input) ?? '').length;

/** One item, its answers beside it, every hand movement on the keyboard. */
export function SingleMode({ desk, claim, task, wellness, children }: SingleModeProps) {
  const filter = useRef<HTMLInputElement>(null);
  const [note, setNote] = useState<string | null>(null);
  const [revealed, setRevealed] = useState(false);
  const given = note ?? undefined;
  // Another item: nothing of the last one may stay.
  const [shown, setShown] = useState(claim.item);
  if (shown !== claim.item) {
    setShown(claim.item);
    setNote(null);
    setRevealed(false);
  }

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const modified = event.ctrlKey || event.metaKey || event.altKey;
      if (modified || event.repeat || event.defaultPrevented || isTyping(event.target) || hasDialog()) return;
      const label = claim.labels[placeOf(event.key)];
      const actions: Record<string, (() => void) | undefined> = {
        s: () => desk.skip(claim, given),
        e: () => desk.escalate(claim, given),
        u: () => void desk.undo(),
        n: () => setNote((current) => current ?? ''),
        '/': () => filter.current?.focus(),
        ' ': wellness.blur && !revealed ? () => setRevealed(true) : undefined,
      };
      const action = label === undefined ? actions[event.key.toLowerCase()] : () => desk.answer(claim, label, given);
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [desk, claim, given, wellness.blur, revealed]);

  const descriptions = new Map(
    (task?.labels ?? []).flatMap(({ name, description }) =>
      description === undefined ? [] : [[name, description] as const],
    ),
  );
  const hidden = wellness.blur && !revealed;
  return (
    <div className={classes.columns}>
      <Panel title={task?.title || claim.task}>
        <div className={classes.item} data-testid="review-item" data-item={claim.item}>
          <div
            className={classes.content}
            data-long={lengthOf(claim.decision.input) > LONG || undefined}
            data-blur={hidden || undefined}
            data-grayscale={wellness.grayscale || undefined}
          >
            <InputContent input={claim.decision.input} />
          </div>
          {hidden && (
            <Button
              variant="default"
              className={classes.reveal ?? ''}
              onClick={() => setRevealed(true)}
              rightSection={<Kbd size="xs">Space</Kbd>}
            >
              Show
            </Button>
          )}
        </div>
        {note !== null && (
          <Textarea
            mt="md"
            label="Note"
            description="Goes with your answer, or to the lead when you escalate."
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') event.currentTarget.blur();
            }}
            maxLength={4000}
            autosize
            minRows={2}
            autoFocus
          />
        )}
      </Panel>
      <div className={classes.answers}>
        <LabelPicker
          key={claim.item}
          labels={claim.labels}
          descriptions={descriptions}
          suggestion={claim.decision.suggestion}
          filter={filter}
          onPick={(label) => desk.answer(claim, label, given)}
        />
        <Group gap={6} mt={12} grow>
          <Button
            variant="default"
            leftSection={<IconPlayerSkipForward size={15} />}
            rightSection={<Kbd size="xs">S</Kbd>}
            onClick={() => desk.skip(claim, given)}
          >
            Skip
          </Button>
          <Button
            variant="default"
            leftSection={<IconFlag size={15} />}
            rightSection={<Kbd size="xs">E</Kbd>}
            onClick={() => desk.escalate(claim, given)}
          >
            Escalate
          </Button>
        </Group>
      </div>
      <div className={classes.below}>{children}</div>
    </div>
  );
}

/** Letters belong to the field that somebody types in. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Something lies over the page. Closed menus and lists stay in the document, hidden. */
const hasDialog = (): boolean =>
  [...document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]')].some((element) =>
    element.checkVisibility(),
  );
