import { useLocalStorage } from '@mantine/hooks';
import type { DecisionsSearch } from './decisions-search.ts';

export interface SavedView {
  name: string;
  search: DecisionsSearch;
}

const LIMIT = 30;

/** Views that somebody named, kept in this browser, one list a workspace. */
export function useSavedViews(workspace: string) {
  const [views, setViews] = useLocalStorage<SavedView[]>({
    key: `understudy-decision-views:${workspace}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  return {
    views,
    save: (name: string, search: DecisionsSearch) =>
      setViews([...views.filter((view) => view.name !== name), { name, search }].slice(-LIMIT)),
    remove: (name: string) => setViews(views.filter((view) => view.name !== name)),
  };
}
