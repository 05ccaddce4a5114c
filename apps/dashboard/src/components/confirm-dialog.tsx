import { Button, Group, Modal, Text, Textarea } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { explain } from './states.tsx';

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  children: ReactNode;
  /** What the button says, as a verb: `Revoke`. */
  action: string;
  dangerous?: boolean;
  /** Asks for a reason; empty ones are not taken. */
  reason?: { label: string; placeholder?: string };
  /** Rejects = it did not work; the dialog stays and says why. */
  onConfirm(reason: string): Promise<unknown>;
  onClose(): void;
}

/** Asks before something that is not easily undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, children, action, dangerous, reason, onConfirm, onClose } = props;
  const [text, setText] = useState('');
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const close = () => {
    if (pending) return;
    setFailure(null);
    setText('');
    onClose();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setPending(true);
    setFailure(null);
    try {
      await onConfirm(text.trim());
      setText('');
      onClose();
    } catch (error) {
      setFailure(explain(error).detail);
    } finally {
      setPending(false);
    }
  };
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <form onSubmit={(event) => void submit(event)}>
        <Text size="md" component="div">
          {children}
        </Text>
        {reason !== undefined && (
          <Textarea
            mt="md"
            label={reason.label}
            {...(reason.placeholder === undefined ? {} : { placeholder: reason.placeholder })}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize
            minRows={2}
            maxLength={2000}
            data-autofocus
          />
        )}
        {failure !== null && (
          <Text c="var(--bad)" mt="sm" role="alert">
            {failure}
          </Text>
        )}
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={close} disabled={pending}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={dangerous === true ? 'red' : 'brand'}
            loading={pending}
            disabled={reason !== undefined && text.trim() === ''}
          >
            {action}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
