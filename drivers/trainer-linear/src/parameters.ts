/** What a user may set; everything has a default that holds for all data sets. */
export interface LinearParameters {
  /** Inverse regularisation strength; tuned on held-out rows when not given. */
  C: number | undefined;
  /** How much a rare label's rows count more: 0 not at all (calibrated to the data), 1 all labels alike. */
  classWeight: number;
  wordMax: number;
  charMin: number;
  charMax: number;
  /** An n-gram must occur in so many rows to become a feature. */
  minRows: number;
  maxFeatures: number;
}

export interface ParameterProblem {
  parameter: string;
  detail: string;
}

interface Rule {
  least: number;
  most: number;
  integer: boolean;
  default: number | undefined;
}

export const PARAMETER_RULES: Readonly<Record<string, Rule>> = {
  C: { least: 1e-3, most: 1e4, integer: false, default: undefined },
  class_weight: { least: 0, most: 1, integer: false, default: 0 },
  word_max: { least: 1, most: 4, integer: true, default: 2 },
  char_min: { least: 1, most: 8, integer: true, default: 2 },
  char_max: { least: 0, most: 8, integer: true, default: 5 },
  min_rows: { least: 1, most: 1000, integer: true, default: 1 },
  max_features: { least: 100, most: 1 << 22, integer: true, default: 1 << 18 },
};

/** Reads parameters; anything unknown or out of range is a problem, never ignored. */
export function parseParameters(given: Readonly<Record<string, unknown>>): LinearParameters | ParameterProblem {
  const values: Record<string, number | undefined> = {};
  for (const [name, rule] of Object.entries(PARAMETER_RULES)) values[name] = rule.default;
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(PARAMETER_RULES, name) ? PARAMETER_RULES[name] : undefined;
    if (!rule) {
      const known = Object.keys(PARAMETER_RULES).join(', ');
      return { parameter: name, detail: `The linear trainer has no parameter ${name}; it knows ${known}.` };
    }
    const { least, most, integer } = rule;
    const valid = typeof value === 'number' && value >= least && value <= most && (!integer || Number.isInteger(value));
    if (!valid) {
      const kind = integer ? 'an integer' : 'a number';
      return { parameter: name, detail: `The parameter ${name} must be ${kind} between ${least} and ${most}.` };
    }
    values[name] = value;
  }
  const all = values as Record<string, number>;
  if (all.char_max! > 0 && all.char_min! > all.char_max!) {
    return { parameter: 'char_min', detail: 'The parameter char_min must not exceed char_max.' };
  }
  return {
    C: values.C,
    classWeight: all.class_weight!,
    wordMax: all.word_max!,
    charMin: all.char_min!,
    charMax: all.char_max!,
    minRows: all.min_rows!,
    maxFeatures: all.max_features!,
  };
}
