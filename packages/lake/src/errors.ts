import { defineErrors } from '@understudy/kernel';

export const lakeErrors = defineErrors({
  object_not_found: {
    title: 'There is no such object',
    description: 'The object store holds nothing under this key; it may have been deleted.',
    retryable: false,
  },
  object_exists: {
    title: 'Another object has this key',
    description:
      'Objects are immutable: a key is written once. Writing the same bytes again is allowed, others are not.',
    retryable: false,
  },
  object_corrupt: {
    title: 'A stored object is damaged',
    description:
      'The bytes read do not have the SHA-256 that was recorded when they were written. Restore the object from a backup, or make the dataset or model again.',
    retryable: false,
  },
  invalid_object_key: {
    title: 'The object key is not well formed',
    description: 'Keys are made by the server from ids; one with other characters is refused.',
    retryable: false,
  },
  storage_full: {
    title: 'The storage is full',
    description:
      'There is no room left on the disk that holds the data directory. Nothing was stored. Free some space and repeat.',
    retryable: true,
  },
  unsupported_media_type: {
    title: 'Examples cannot be read from this media type',
    description: 'Send `application/json`, `application/x-ndjson` or `text/csv`, in UTF-8.',
    retryable: false,
  },
  unsupported_encoding: {
    title: 'The content encoding is not supported',
    description: 'Bodies come plain or with exactly one `Content-Encoding: gzip`.',
    retryable: false,
  },
  invalid_encoding: {
    title: 'The body is not valid UTF-8',
    description:
      'The detail names the byte and the line of the first bad sequence. Save the file as UTF-8 (with or without a byte order mark) and send it again.',
    retryable: false,
  },
  invalid_gzip: {
    title: 'The body is not valid gzip',
    description: 'The compressed body is damaged or ends too early.',
    retryable: false,
  },
  decompression_limit: {
    title: 'The body unpacks to too much',
    description:
      'The gzip body unpacks to more than the allowed size or ratio. Send it uncompressed or in several parts.',
    retryable: false,
  },
  upload_interrupted: {
    title: 'The upload ended too early',
    description: 'The connection closed before the whole body had arrived. Nothing was stored; send it again.',
    retryable: true,
  },
  invalid_json: {
    title: 'The body is not valid JSON',
    description: 'The detail says where the JSON breaks off or what stands there instead.',
    retryable: false,
  },
  invalid_csv: {
    title: 'The body is not valid CSV',
    description:
      'RFC 4180: a header row, fields in double quotes when they hold the delimiter, a quote or a line break, quotes doubled.',
    retryable: false,
  },
  unknown_field: {
    title: 'A field is not known',
    description: 'The pointer names a field that this request does not have. Nothing is ignored in silence.',
    retryable: false,
  },
  unknown_column: {
    title: 'A CSV column is not known',
    description:
      'Columns are `text` or `input.<field>`, `label`, and optionally `subject`, `external_id`, `occurred_at`, `attributes.<name>`.',
    retryable: false,
  },
  missing_column: {
    title: 'A CSV column is missing',
    description: 'The header needs `label` and one column for each input field of the task (`text` or `input.text`).',
    retryable: false,
  },
  duplicate_column: {
    title: 'A CSV column stands twice',
    description: 'Each column may stand once in the header; `text` and `input.text` are the same column.',
    retryable: false,
  },
  row_too_large: {
    title: 'A row is too large',
    description: 'One row holds more bytes than the task’s input can; a quote that is never closed does this too.',
    retryable: false,
  },
  no_examples: {
    title: 'The body holds no examples',
    description: 'Send at least one row.',
    retryable: false,
  },
  examples_invalid: {
    title: 'Some rows are not valid',
    description:
      'Nothing was stored, because `on_invalid` is `reject` (the default). `problems` lists the first 100 by line; mend them, or send `?on_invalid=skip` to store the valid rows only.',
    retryable: false,
  },
  too_many_labels: {
    title: 'The task would have too many labels',
    description:
      'With `new_labels=add` the task may grow to 1,000 labels; this import has more. Is the label column the right one?',
    retryable: false,
  },
  example_not_found: {
    title: 'There is no such example',
    description: 'The task holds no example with this id.',
    retryable: false,
  },
  invalid_cursor: {
    title: 'The cursor is not valid',
    description: 'A cursor comes from `next_cursor` of the same list; it is opaque and cannot be made by hand.',
    retryable: false,
  },
  dataset_not_found: {
    title: 'There is no such dataset version',
    description: 'The task has no dataset version with this id. `GET …/datasets` lists them.',
    retryable: false,
  },
  dataset_empty: {
    title: 'There is nothing to snapshot',
    description: 'The task has no examples yet. Import some first.',
    retryable: false,
  },
  dataset_failed: {
    title: 'The dataset could not be written or read',
    description:
      'The process that writes and reads Parquet stopped unexpectedly. Nothing was stored; the log says why.',
    retryable: true,
  },
});
