import { Anchor, Code } from '@mantine/core';
import { Fragment } from 'react';
import classes from './markdown.module.css';
import { type Inline, markdownBlocks } from './markdown-blocks.ts';

/** Markdown as elements; HTML in it is shown and not run. Headings start at `h3`, under those of the page. */
export function Markdown({ source }: { source: string }) {
  return (
    <div className={classes.markdown}>
      {markdownBlocks(source).map((block, index) => {
        const key = index;
        switch (block.kind) {
          case 'heading':
            return block.level <= 2 ? (
              <h3 key={key}>{inlines(block.inlines)}</h3>
            ) : (
              <h4 key={key}>{inlines(block.inlines)}</h4>
            );
          case 'list': {
            const List = block.ordered ? 'ol' : 'ul';
            return (
              <List key={key}>
                {block.items.map((item, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: items do not move
                  <li key={place}>{inlines(item)}</li>
                ))}
              </List>
            );
          }
          case 'code':
            return (
              <Code block key={key}>
                {block.text}
              </Code>
            );
          case 'quote':
            return <blockquote key={key}>{inlines(block.inlines)}</blockquote>;
          default:
            return <p key={key}>{inlines(block.inlines)}</p>;
        }
      })}
    </div>
  );
}

function inlines(parts: readonly Inline[]) {
  return parts.map((part, index) => {
    const key = index;
    switch (part.kind) {
      case 'code':
        return <Code key={key}>{part.text}</Code>;
      case 'strong':
        return <strong key={key}>{part.text}</strong>;
      case 'emphasis':
        return <em key={key}>{part.text}</em>;
      case 'link':
        return (
          <Anchor key={key} href={part.href} target="_blank" rel="noopener noreferrer" underline="always">
            {part.text}
          </Anchor>
        );
      default:
        return <Fragment key={key}>{part.text}</Fragment>;
    }
  });
}
