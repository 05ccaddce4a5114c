import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload } from '../../theme/icons.ts';
import classes from './data.module.css';
import { downloadUrl } from './data-queries.ts';
import { shortId } from './dataset-difference.ts';

const formats = [
  { format: 'csv', name: 'CSV', says: 'for spreadsheets; can be imported again' },
  { format: 'ndjson', name: 'JSON lines', says: 'one example a line; can be imported again' },
  { format: 'parquet', name: 'Parquet', says: 'with where each label comes from; for analyses' },
] as const;

/** The examples of a version as a file, fetched by the browser itself. */
export function DownloadMenu({ task, id, compact }: { task: string; id: string; compact?: boolean }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        {compact === true ? (
          <ActionIcon size="sm" aria-label={`Download version ${shortId(id)}`} className={classes.over ?? ''}>
            <IconDownload size={16} />
          </ActionIcon>
        ) : (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={15} />}
            rightSection={<IconChevronDown size={14} />}
          >
            Download
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map(({ format, name, says }) => (
          <Menu.Item
            key={format}
            component="a"
            href={downloadUrl(task, id, format)}
            download={`${task}-${shortId(id)}.${format}`}
          >
            {name}
            <span className={classes.under}>{says}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
