import { ModelFileError } from './errors.ts';
import { type ModelFile, type SectionArray, type SectionType, type SectionTypes, sectionType } from './model-file.ts';
import type { FeatureSpace } from './vectoriser.ts';

/** The part of a model file that linear and neural text models share. */
export interface TextModelBase {
  labels: readonly string[];
  space: FeatureSpace;
  /** p = softmax(temperature · scores). */
  temperature: number;
}

const MAX_LABELS = 10_000;
const MAX_LABEL_UNITS = 4096;
const MAX_FEATURES = 1 << 24;

/** Header fields and sections of the shared part, to be joined with the format's own. */
export function encodeTextModel(model: TextModelBase): Pick<ModelFile, 'meta' | 'sections'> {
  const { ngrams, hashes, idf, wordWeight, charWeight } = model.space;
  return {
    meta: {
      labels: model.labels,
      features: {
        word_max: ngrams.wordMax,
        char_min: ngrams.charMin,
        char_max: ngrams.charMax,
        word_weight: wordWeight,
        char_weight: charWeight,
      },
      calibration: { temperature: model.temperature },
    },
    sections: new Map<string, SectionArray>([
      ['feature_hashes', hashes],
      ['feature_idf', idf],
    ]),
  };
}

/** Reads the shared part, every value checked. Throws ModelFileError. */
export function decodeTextModel(file: ModelFile): TextModelBase {
  const { labels, features, calibration } = file.meta as Record<string, Record<string, unknown> | undefined>;
  const hashes = section(file, 'feature_hashes', 'u32');
  const idf = section(file, 'feature_idf', 'f32', hashes.length);
  if (hashes.length > MAX_FEATURES) throw new ModelFileError('there are too many features');
  if (idf.some((value) => value < 0 || value > 1000)) throw new ModelFileError('an idf is out of range');
  const space: FeatureSpace = {
    ngrams: {
      wordMax: integer(features?.word_max, 0, 4, 'word_max'),
      charMin: integer(features?.char_min, 1, 8, 'char_min'),
      charMax: integer(features?.char_max, 0, 8, 'char_max'),
    },
    hashes,
    idf,
    wordWeight: number(features?.word_weight, 0, 1000, 'word_weight'),
    charWeight: number(features?.char_weight, 0, 1000, 'char_weight'),
  };
  return { labels: readLabels(labels), space, temperature: number(calibration?.temperature, 1e-6, 1e6, 'temperature') };
}

/** A section of a type and, if given, a length. Throws ModelFileError. */
export function section<T extends SectionType>(
  file: ModelFile,
  name: string,
  type: T,
  length?: number,
): SectionTypes[T] {
  const array = file.sections.get(name);
  if (array === undefined || sectionType(array) !== type) {
    throw new ModelFileError(`section ${name} is missing or has another type`);
  }
  if (length !== undefined && array.length !== length) throw new ModelFileError(`section ${name} has another length`);
  return array as SectionTypes[T];
}

function readLabels(labels: unknown): string[] {
  if (!Array.isArray(labels) || labels.length < 2 || labels.length > MAX_LABELS) {
    throw new ModelFileError('the label list has no valid length');
  }
  if (labels.some((label) => typeof label !== 'string' || label.length > MAX_LABEL_UNITS)) {
    throw new ModelFileError('a label is not a short text');
  }
  if (new Set(labels).size !== labels.length) throw new ModelFileError('a label occurs twice');
  return labels;
}

/** A number of the header within bounds. Throws ModelFileError. */
export function number(value: unknown, least: number, most: number, name: string): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new ModelFileError(`${name} is out of range`);
  }
  return value;
}

/** An integer of the header within bounds. Throws ModelFileError. */
export function integer(value: unknown, least: number, most: number, name: string): number {
  if (!Number.isInteger(value)) throw new ModelFileError(`${name} is not an integer`);
  return number(value, least, most, name);
}
