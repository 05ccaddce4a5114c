/** A failure inside the training process, to be rebuilt as the room's coded error by the process that started it. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly code: TrainingErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: TrainingErrorCode, detail: string, details: Record<string, unknown> = {}) {
    super(detail);
    this.code = code;
    this.details = details;
  }
}

export type TrainingErrorCode =
  | 'training_data_insufficient'
  | 'training_out_of_memory'
  | 'training_failed'
  | 'unknown_parameter';
