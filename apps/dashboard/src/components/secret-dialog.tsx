import { Button, Group, Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import classes from './secret-dialog.module.css';

/** Something that is shown once. Closes by its button only, so that no stray click loses it. */
export function SecretDialog({
  title,
  secret,
  children,
  onClose,
}: {
  title: string;
  secret: string | null;
  children: ReactNode;
  onClose(): void;
}) {
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title={title}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Text component="div">{children}</Text>
      <div className={classes.secret}>
        <span className="mono">{secret}</span>
        <CopyButton value={secret ?? ''} what="it" />
      </div>
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose} data-autofocus>
          I have kept it
        </Button>
      </Group>
    </Modal>
  );
}
