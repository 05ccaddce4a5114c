import { defineErrors } from '@understudy/kernel';

export const egressErrors = defineErrors({
  egress_refused: {
    title: 'The address must not be called',
    description:
      'Calls out go to public http and https addresses only; the detail names the rule. The operator allows single private networks and hosts with `UNDERSTUDY_EGRESS_ALLOW`.',
    retryable: false,
  },
  egress_timeout: {
    title: 'The other server took too long',
    description: 'It did not accept the connection, answer or finish its answer in time. The detail says which.',
    retryable: true,
  },
  egress_failed: {
    title: 'The other server could not be reached',
    description:
      'Its name is not known, it refused or cut the connection, its certificate is not valid, or it does not speak HTTP. The detail says which.',
    retryable: true,
  },
  egress_response_too_large: {
    title: 'The other server answered too much',
    description: 'The head or the body of its answer is over the limit; the rest was not read.',
    retryable: false,
  },
});
