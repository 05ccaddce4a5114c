import { ActionIcon, Autocomplete, Button, Checkbox, SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { tasksQuery } from '../../api/resources.ts';
import { Panel } from '../../components/panel.tsx';
import { IconPlus, IconX } from '../../theme/icons.ts';
import type { SourceDraft } from './source-draft.ts';
import classes from './source-form.module.css';

interface SourceFormProps {
  draft: SourceDraft;
  onChange(draft: SourceDraft): void;
  readOnly?: boolean;
  /** Above the first field. */
  before?: ReactNode;
}

/** Where messages come from, what of them is read, and where answers go. */
export function SourceForm({ draft, onChange, readOnly, before }: SourceFormProps) {
  const set = (part: Partial<SourceDraft>) => onChange({ ...draft, ...part });
  const disabled = readOnly === true;
  return (
    <>
      <Panel title="Where items come from">
        <fieldset className={classes.fields} disabled={disabled}>
          {before}
          <Whence draft={draft} set={set} />
        </fieldset>
      </Panel>
      <Panel
        title="What is read of a message"
        description="Places in the message as JSONPath: names and positions, as in $.comment.body or $.items[0]."
      >
        <fieldset className={classes.fields} disabled={disabled}>
          <Mapping draft={draft} set={set} />
        </fieldset>
      </Panel>
      <Panel title="Where answers go" description="Each answer carries the external id, so that you can join it.">
        <fieldset className={classes.fields} disabled={disabled}>
          <Replies draft={draft} set={set} />
        </fieldset>
      </Panel>
    </>
  );
}

interface PartProps {
  draft: SourceDraft;
  set(part: Partial<SourceDraft>): void;
}

function Whence({ draft, set }: PartProps) {
  const tasks = useQuery(tasksQuery());
  const http = draft.bus === 'http';
  return (
    <>
      <div className={classes.row}>
        <Autocomplete
          label="Message system"
          description="A name that the operator gave it"
          data={['postgres', 'http']}
          value={draft.bus}
          onChange={(bus) => set({ bus, ...(bus === 'http' ? { format: 'cloudevents' as const } : {}) })}
          maxLength={63}
        />
        <TextInput
          label={http ? 'Type of the events' : 'Topic or queue'}
          description={http ? 'Of those sent to POST /v1/events' : 'That messages are read from'}
          value={draft.topic}
          onChange={(event) => set({ topic: event.currentTarget.value })}
          maxLength={249}
        />
      </div>
      <div className={classes.row}>
        <Select
          label="Task"
          description="That decides"
          searchable
          data={(tasks.data ?? []).map(({ task, title }) => ({ value: task, label: title || task }))}
          value={draft.task || null}
          onChange={(task) => set({ task: task ?? '' })}
        />
        <TextInput
          label="Consumer group"
          description="Empty = one of its own"
          value={draft.group}
          onChange={(event) => set({ group: event.currentTarget.value })}
          maxLength={200}
          disabled={http}
        />
      </div>
      <div>
        <SegmentedControl
          aria-label="Format"
          data={[
            { value: 'json', label: 'Plain JSON', disabled: http },
            { value: 'cloudevents', label: 'CloudEvents' },
          ]}
          value={draft.format}
          onChange={(format) => set({ format: format as SourceDraft['format'] })}
        />
      </div>
    </>
  );
}

function Mapping({ draft, set }: PartProps) {
  const path = (label: string, description: string, name: 'text' | 'externalId' | 'subject' | 'id') => (
    <TextInput
      label={label}
      description={description}
      className={classes.path ?? ''}
      value={draft[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
      maxLength={500}
      spellCheck={false}
    />
  );
  return (
    <>
      {path('Text', 'What is to be decided about', 'text')}
      <div className={classes.row}>
        {path('External id', 'Your own name for it; must be there', 'externalId')}
        {path('Subject', 'Whom it is about; may be missing', 'subject')}
      </div>
      {path('Identity', 'What makes two messages the same. Empty = the id that the message has', 'id')}
      <fieldset className={classes.group}>
        <legend className={classes.legend}>Attributes</legend>
        <p className={classes.hint}>More facts about an item, such as the country. They may be missing.</p>
        {draft.attributes.length > 0 && (
          <div className={classes.attributes}>
            {draft.attributes.map((attribute, index) => {
              const change = (part: Partial<typeof attribute>) =>
                set({ attributes: draft.attributes.map((each, at) => (at === index ? { ...each, ...part } : each)) });
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: they have no name until it is typed
                <div key={index} className={classes.attribute}>
                  <TextInput
                    aria-label={`Name of attribute ${index + 1}`}
                    placeholder="country"
                    value={attribute.name}
                    onChange={(event) => change({ name: event.currentTarget.value })}
                    maxLength={200}
                  />
                  <TextInput
                    aria-label={`Place of attribute ${index + 1}`}
                    placeholder="$.customer.country"
                    className={classes.path ?? ''}
                    value={attribute.path}
                    onChange={(event) => change({ path: event.currentTarget.value })}
                    maxLength={500}
                    spellCheck={false}
                  />
                  <ActionIcon
                    size={36}
                    aria-label={`Remove attribute ${index + 1}`}
                    onClick={() => set({ attributes: draft.attributes.filter((_, at) => at !== index) })}
                  >
                    <IconX size={16} />
                  </ActionIcon>
                </div>
              );
            })}
          </div>
        )}
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => set({ attributes: [...draft.attributes, { name: '', path: '' }] })}
          >
            Add an attribute
          </Button>
        </div>
      </fieldset>
    </>
  );
}

function Replies({ draft, set }: PartProps) {
  return (
    <>
      <Switch
        label="Publish each answer"
        checked={draft.replies}
        onChange={(event) => set({ replies: event.currentTarget.checked })}
      />
      {draft.replies && (
        <>
          <div className={classes.row}>
            <TextInput
              label="Topic or queue of the answers"
              value={draft.replyTopic}
              onChange={(event) => set({ replyTopic: event.currentTarget.value })}
              maxLength={249}
            />
            <TextInput
              label="Message system of the answers"
              placeholder="The same"
              value={draft.replyBus}
              onChange={(event) => set({ replyBus: event.currentTarget.value })}
              maxLength={63}
            />
          </div>
          <Checkbox
            label="Where a message names a topic for its reply, use that one"
            checked={draft.fromMessage}
            onChange={(event) => set({ fromMessage: event.currentTarget.checked })}
          />
        </>
      )}
    </>
  );
}
