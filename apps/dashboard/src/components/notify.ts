import { notifications } from '@mantine/notifications';
import { explain } from './states.tsx';

/** Something was done, in words, for a moment. */
export function notifyDone(message: string): void {
  notifications.show({ message });
}

/** Something that was asked for by a button did not work. */
export function notifyFailure(error: unknown): void {
  notifications.show({ color: 'red', title: 'This did not work', message: explain(error).detail });
}
