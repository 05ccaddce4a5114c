import { defineErrors } from '@understudy/kernel';

export const eventErrors = defineErrors({
  bus_unavailable: {
    title: 'The message system cannot be reached.',
    description:
      'The broker does not answer or refused the connection. What was accepted is kept and sent when it is back.',
    retryable: true,
  },
  bus_not_configured: {
    title: 'There is no message system of this name.',
    description: 'Message systems are named by the operator in UNDERSTUDY_BUSES; `postgres` is always there.',
    retryable: false,
  },
  bus_topic_not_found: {
    title: 'There is no such topic or queue.',
    description: 'The broker knows no topic or queue of this name, or the credentials may not see it.',
    retryable: false,
  },
  bus_message_too_large: {
    title: 'The message is larger than the message system takes.',
    description: 'Its body is over the limit of the broker or of the topic.',
    retryable: false,
  },
  bus_refused: {
    title: 'The message system refused the request.',
    description: 'The broker answered with an error that trying again does not change, e.g. missing rights.',
    retryable: false,
  },
});
