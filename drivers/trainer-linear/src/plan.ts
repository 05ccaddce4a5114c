/** Which rows the stages of a training job fit and hold out. Rows are in the order of the file. */
export interface TrainingPlan {
  /** Chooses the regularisation; never sees the validation fold. */
  tune: { fitted: Int32Array; heldOut: Int32Array };
  /** Folds that are predicted by a fit on all others: the validation fold first, more if it has few rows. */
  calibrate: { fold: number; fitted: Int32Array; heldOut: Int32Array }[];
}

/** Enough to rank regularisation strengths; more would only cost time. */
const TUNE_FITTED_ROWS = 5000;
const TUNE_HELD_OUT_ROWS = 2000;
/** Held-out rows from which a single temperature is known well. */
const CALIBRATION_ROWS = 1000;

export function planTraining(foldOf: Uint8Array, folds: number, validationFold: number): TrainingPlan {
  const rowsWhere = (keep: (fold: number, row: number) => boolean): Int32Array => {
    const rows: number[] = [];
    for (let row = 0; row < foldOf.length; row++) if (keep(foldOf[row]!, row)) rows.push(row);
    return Int32Array.from(rows);
  };
  const others = Array.from({ length: folds - 1 }, (_, i) => (validationFold + 1 + i) % folds);
  const spare = spareFolds(foldOf, others);
  // With two folds the only other one serves both ends.
  const held = (fold: number, row: number) => (spare.length === 0 ? row % 4 === 0 : spare.includes(fold));
  const tune = {
    fitted: rowsWhere((fold, row) => fold !== validationFold && !held(fold, row)),
    heldOut: rowsWhere((fold, row) => fold !== validationFold && held(fold, row)),
  };
  const calibrate: TrainingPlan['calibrate'] = [];
  let rows = 0;
  for (const fold of [validationFold, ...others]) {
    if (calibrate.length > 0 && rows >= CALIBRATION_ROWS) break;
    const heldOut = rowsWhere((f) => f === fold);
    rows += heldOut.length;
    calibrate.push({ fold, fitted: rowsWhere((f) => f !== fold), heldOut });
  }
  return {
    tune: {
      fitted: tune.fitted.slice(0, TUNE_FITTED_ROWS),
      heldOut: tune.heldOut.slice(0, TUNE_HELD_OUT_ROWS),
    },
    calibrate,
  };
}

/** The folds to tune on: as many as it takes, but at most a third of those that are not for validation. */
function spareFolds(foldOf: Uint8Array, others: readonly number[]): number[] {
  const spare: number[] = [];
  let rows = 0;
  for (const fold of others.slice(0, others.length < 2 ? 0 : Math.max(1, Math.floor(others.length / 3)))) {
    if (rows >= TUNE_HELD_OUT_ROWS) break;
    spare.push(fold);
    for (let row = 0; row < foldOf.length; row++) if (foldOf[row] === fold) rows++;
  }
  return spare;
}
