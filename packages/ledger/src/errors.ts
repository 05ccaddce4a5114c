import { defineErrors } from '@understudy/kernel';

export const ledgerErrors = defineErrors({
  ledger_overloaded: {
    title: 'The ledger has more rows waiting than it can write',
    description:
      'Rows arrive faster than the database commits them. Nothing was written or answered; send the request again after the time in Retry-After.',
    retryable: true,
  },
  ledger_entry_invalid: {
    title: 'A ledger row cannot hold this value',
    description:
      'A searchable field (subject, external_id, label, …) holds a NUL character or half a surrogate pair, which the database cannot store. Remove it.',
    retryable: false,
  },
  ledger_entry_too_large: {
    title: 'A ledger row is too large',
    description: 'The decision with its input is larger than one row may be. Send a smaller input.',
    retryable: false,
  },
  decision_not_found: {
    title: 'No such decision',
    description: 'The workspace of this credential has no decision with that id.',
    retryable: false,
  },
  unknown_label: {
    title: 'The label is not one of the task',
    description: 'A label given to a decision has to be in the label set of the task revision that decided it.',
    retryable: false,
  },
  invalid_cursor: {
    title: 'The cursor is not valid',
    description: 'A cursor comes from `next_cursor` of the same list with the same filters; it cannot be made by hand.',
    retryable: false,
  },
  ledger_damaged: {
    title: 'The ledger is damaged',
    description:
      'A row that was written is missing or changed. `understudy ledger verify` (`GET /v1/ledger/verify`) says which; restore it from a backup or an export.',
    retryable: false,
  },
  ledger_size_unknown: {
    title: 'The log never had that size',
    description: 'A consistency proof is between two sizes that the log has had: 1 ≤ from ≤ to ≤ its size now.',
    retryable: false,
  },
  ledger_export_invalid: {
    title: 'This is not a ledger export',
    description:
      'The text is not NDJSON in the form of `GET /v1/ledger/export`. A damaged ledger is reported differently.',
    retryable: false,
  },
});
