/** A piece of a line. Links go to http and https only. */
export type Inline =
  | { kind: 'text' | 'code' | 'strong' | 'emphasis'; text: string }
  | { kind: 'link'; text: string; href: string };

export type Block =
  | { kind: 'heading'; level: number; inlines: Inline[] }
  | { kind: 'paragraph'; inlines: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; inlines: Inline[] };

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|\[([^\]]{1,300})\]\(([^()\s]{1,2000})\)/g;

/** Headings, lists, code, quotes, emphasis and links: what guidelines are written in. HTML stays text. */
export function markdownBlocks(source: string): Block[] {
  const blocks: Block[] = [];
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === '') at++;
    else if (line.startsWith('```')) {
      const from = ++at;
      while (at < lines.length && !lines[at]!.startsWith('```')) at++;
      blocks.push({ kind: 'code', text: lines.slice(from, at).join('\n') });
      at++;
    } else if (heading !== null) {
      blocks.push({ kind: 'heading', level: heading[1]!.length, inlines: inlinesOf(heading[2]!) });
      at++;
    } else if (ITEM.test(line)) {
      const ordered = /^\s*\d/.test(line);
      const items: string[] = [];
      for (; at < lines.length && lines[at]!.trim() !== ''; at++) {
        const item = ITEM.exec(lines[at]!);
        if (item !== null) items.push(item[1]!);
        else items[items.length - 1] += ` ${lines[at]!.trim()}`;
      }
      blocks.push({ kind: 'list', ordered, items: items.map(inlinesOf) });
    } else {
      const quote = line.startsWith('>');
      const words: string[] = [];
      for (; at < lines.length && !startsBlock(lines[at]!, quote); at++)
        words.push(lines[at]!.replace(/^>\s?/, '').trim());
      blocks.push({ kind: quote ? 'quote' : 'paragraph', inlines: inlinesOf(words.join(' ')) });
    }
  }
  return blocks;
}

const ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s+(.*)$/;

const startsBlock = (line: string, inQuote: boolean): boolean =>
  line.trim() === '' ||
  line.startsWith('```') ||
  /^#{1,6}\s/.test(line) ||
  ITEM.test(line) ||
  line.startsWith('>') !== inQuote;

function inlinesOf(text: string): Inline[] {
  const inlines: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) inlines.push({ kind: 'text', text: text.slice(end, match.index) });
    const [whole, code, strong, alsoStrong, emphasis, label, href] = match;
    if (code !== undefined) inlines.push({ kind: 'code', text: code });
    else if (strong !== undefined || alsoStrong !== undefined)
      inlines.push({ kind: 'strong', text: (strong ?? alsoStrong)! });
    else if (emphasis !== undefined) inlines.push({ kind: 'emphasis', text: emphasis });
    else if (/^https?:\/\//i.test(href!)) inlines.push({ kind: 'link', text: label!, href: href! });
    else inlines.push({ kind: 'text', text: whole });
    end = match.index + whole.length;
  }
  if (end < text.length) inlines.push({ kind: 'text', text: text.slice(end) });
  return inlines;
}
