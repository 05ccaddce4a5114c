import { trainingErrors } from '@understudy/training';

/** What a user may set; what is left out follows from the size of the data (`planFit`) or is tuned on held-out rows. */
export interface NeuralParameters {
  hidden?: number;
  members?: number;
  epochs?: number;
  learningRate: number;
  outputLearningRate: number;
  inputDropout?: number;
  hiddenDropout?: number;
  labelSmoothing: number;
  minRows?: number;
  maxFeatures?: number;
}

interface Rule {
  least: number;
  most: number;
  multipleOf?: number;
  default?: number;
}

const RULES: Readonly<Record<string, Rule>> = {
  hidden: { least: 16, most: 1024, multipleOf: 16 },
  members: { least: 1, most: 16, multipleOf: 1 },
  epochs: { least: 1, most: 200, multipleOf: 1 },
  learning_rate: { least: 1e-4, most: 10, default: 0.1 },
  output_learning_rate: { least: 1e-4, most: 10, default: 0.05 },
  input_dropout: { least: 0, most: 0.9 },
  hidden_dropout: { least: 0, most: 0.9 },
  label_smoothing: { least: 0, most: 0.5, default: 0 },
  min_rows: { least: 1, most: 1000, multipleOf: 1 },
  max_features: { least: 100, most: 1 << 21, multipleOf: 1 },
};

/** Reads parameters; throws `unknown_parameter` for a name that is not known or a value out of its range. */
export function readParameters(given: Readonly<Record<string, unknown>>): NeuralParameters {
  const values: Record<string, number | undefined> = {};
  for (const [name, rule] of Object.entries(RULES)) values[name] = rule.default;
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
    if (!rule) {
      const known = Object.keys(RULES).join(', ');
      throw trainingErrors.unknown_parameter(`the neural trainer has no parameter ${name}; it knows ${known}`);
    }
    const { least, most, multipleOf } = rule;
    const fits = typeof value === 'number' && value >= least && value <= most;
    if (!fits || (multipleOf !== undefined && value % multipleOf !== 0)) {
      const kind =
        multipleOf === undefined ? 'a number' : multipleOf === 1 ? 'an integer' : `a multiple of ${multipleOf}`;
      throw trainingErrors.unknown_parameter(`${name} must be ${kind} from ${least} to ${most}`);
    }
    values[name] = value;
  }
  return {
    ...(values.hidden !== undefined && { hidden: values.hidden }),
    ...(values.members !== undefined && { members: values.members }),
    ...(values.epochs !== undefined && { epochs: values.epochs }),
    learningRate: values.learning_rate!,
    outputLearningRate: values.output_learning_rate!,
    ...(values.input_dropout !== undefined && { inputDropout: values.input_dropout }),
    ...(values.hidden_dropout !== undefined && { hiddenDropout: values.hidden_dropout }),
    labelSmoothing: values.label_smoothing!,
    ...(values.min_rows !== undefined && { minRows: values.min_rows }),
    ...(values.max_features !== undefined && { maxFeatures: values.max_features }),
  };
}
