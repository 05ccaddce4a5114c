/** One row as a parser found it: a decoded example that is not yet checked, or the reason why it is none. */
export type ParsedRow =
  | { line: number; example: unknown; problem?: undefined }
  | { line: number; problem: { code: string; detail: string; pointer?: string } };

export type RowParser = (bytes: AsyncIterable<Buffer>, limits: { maxRowBytes: number }) => AsyncIterable<ParsedRow[]>;
