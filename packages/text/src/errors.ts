/** Why a model file is refused. Runtimes turn it into their coded error (`model_artifact_invalid`). */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
}
