import { checked, choiceParam, textParam } from '../../search-params.ts';

export const modelTabs = ['quality', 'mistakes', 'origin', 'compare', 'history'] as const;
export type ModelTab = (typeof modelTabs)[number];

export interface ModelSearch {
  /** Looked at; absent = the one that answers now, else the newest. */
  version?: string;
  /** What is shown of it; absent = `quality`. */
  tab?: ModelTab;
  /** The version that it is compared with. */
  with?: string;
  /** The replay that shows on which decisions they differ. */
  replay?: string;
}

const VERSION = /^[1-9]\d{0,8}$/;
const versionParam = (value: unknown) => {
  const text = textParam(value, 9);
  return text !== undefined && VERSION.test(text) ? text : undefined;
};

export const parseModelSearch = (raw: Record<string, unknown>): ModelSearch =>
  checked({
    version: versionParam(raw.version),
    tab: choiceParam(raw.tab, modelTabs),
    with: versionParam(raw.with),
    replay: textParam(raw.replay, 100),
  });
