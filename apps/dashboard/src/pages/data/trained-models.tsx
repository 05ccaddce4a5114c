import { TextLink } from '../../components/links.tsx';

/** Versions of the task’s model, each a link; `–` for none. */
export function TrainedModels({ task, versions }: { task: string; versions: readonly string[] }) {
  if (versions.length === 0) return '–';
  return versions.slice(0, 6).map((version, index) => (
    <span key={version}>
      {index > 0 && ', '}
      <TextLink to="/models/$model" params={{ model: task }} search={{ version, tab: 'origin' }}>
        v{version}
      </TextLink>
      {index === 5 && versions.length > 6 && ' …'}
    </span>
  ));
}
