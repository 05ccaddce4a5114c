import { checked, choiceParam, textParam } from '../../search-params.ts';

export const dataTabs = ['examples', 'import', 'versions'] as const;
export type DataTab = (typeof dataTabs)[number];

export const sources = ['import', 'reviewer', 'audit', 'application'] as const;
export type Source = (typeof sources)[number];

export const changes = ['relabelled', 'added', 'removed', 'changed'] as const;
export type Change = (typeof changes)[number];

export interface DataSearch {
  /** Whose examples; absent = the first task. */
  task?: string;
  /** Absent = `examples`. */
  tab?: DataTab;
  /** What the examples are narrowed down to; each is a filter of `GET /v1/tasks/{task}/examples`. */
  source?: Source;
  label?: string;
  /** Words that the text holds. */
  q?: string;
  conflicts?: 'only';
  /** The dataset version that is looked at. */
  dataset?: string;
  /** The one that it is compared with. */
  with?: string;
  /** Which differences between them are listed. */
  change?: Change;
}

const DATASET = /^sha256:[0-9a-f]{64}$/;
const datasetParam = (value: unknown) => (typeof value === 'string' && DATASET.test(value) ? value : undefined);

export const parseDataSearch = (raw: Record<string, unknown>): DataSearch =>
  checked({
    task: textParam(raw.task, 63),
    tab: choiceParam(raw.tab, dataTabs),
    source: choiceParam(raw.source, sources),
    label: textParam(raw.label, 200),
    q: textParam(raw.q, 200),
    conflicts: choiceParam(raw.conflicts, ['only'] as const),
    dataset: datasetParam(raw.dataset),
    with: datasetParam(raw.with),
    change: choiceParam(raw.change, changes),
  });
