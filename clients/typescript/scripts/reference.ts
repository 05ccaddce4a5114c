import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from './build.ts';

/** A class, interface or function as the compiler's own types have it. */
interface Declaration {
  name: string;
  doc: string;
  /** Without `export declare`. */
  text: string;
  members: { doc: string; text: string }[];
}

const DOC = String.raw`(?:\/\*\*((?:(?!\*\/).)*)\*\/\s*)?`;

/** The text of a doc comment in one paragraph, its tags as sentences. */
const plain = (comment = ''): string =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trim())
    .join('\n')
    .replace(/\n?@example[\s\S]*$/, '')
    .replace(/\n*@(param|throws)\s+/g, (_, tag: string) => (tag === 'param' ? '\n- ' : '\n- throws '))
    .replace(/\{@link ([^}]+)\}/g, '`$1`')
    .replace(/\{(\w+)\}/g, '`$1`')
    .replace(/- (\w+) /g, (match, word: string) => (word === 'throws' ? match : `- \`${word}\`: `))
    .replace(/([^\n])\n(?!-|\n)/g, '$1 ')
    .trim();

/** What the declaration files of a build say. */
export function declarationsOf(folder: string): Map<string, Declaration> {
  const found = new Map<string, Declaration>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.d.ts') || file.startsWith('generated')) continue;
    const source = readFileSync(join(folder, file), 'utf8');
    const blocks = new RegExp(
      `^${DOC}export (?:declare )?(?:abstract )?((?:class|interface) (\\w+)[^{]*)\\{(.*?)^\\}|^${DOC}export declare function (\\w+)(.*?);$`,
      'gms',
    );
    for (const [, doc, head, name, body, functionDoc, functionName, signature] of source.matchAll(blocks)) {
      if (name !== undefined) {
        const members = [
          ...body!.matchAll(new RegExp(`^ {4}${DOC}(?=[^\\s*#}/])(.*?);$(?=\\n {4}[^\\s}]|\\s*(?![^]))`, 'gms')),
        ]
          .map(([, about, text]) => ({ doc: plain(about), text: text!.replaceAll(/\s+/g, ' ') }))
          .filter(({ text }) => !/^(constructor|private |#)/.test(text));
        found.set(name, { name, doc: plain(doc), text: `${head}{${body}}`, members });
      } else if (functionName !== undefined) {
        const text = `${functionName}${signature!.replaceAll(/\s+/g, ' ')}`;
        found.set(functionName, { name: functionName, doc: plain(functionDoc), text, members: [] });
      }
    }
  }
  return found;
}

/** The reference of the client as Markdown. */
export function reference(declarations: Map<string, Declaration>): string {
  const get = (name: string): Declaration => {
    const found = declarations.get(name);
    if (found === undefined) throw new Error(`there is no ${name} in the types`);
    return found;
  };
  const list = (members: Declaration['members'], prefix = '') =>
    members.map(({ doc, text }) => {
      const [first = '', ...rest] = doc.split('\n- ');
      const more = rest.map((line) => `\n  - ${line.trim()}`).join('');
      return `- \`${prefix}${text}\`${first === '' ? '' : `\n  ${first.trim()}`}${more}`;
    });
  const section = (title: string, ...lines: string[]) => [`## ${title}`, '', ...lines, ''];
  const client = get('UnderstudyClient');
  const fields = client.members.filter(({ text }) => text.startsWith('readonly '));
  const predictions = get('Predictions').members;
  const shortcuts = { one: 'predict', batch: 'predictBatch', all: 'predictAll' };
  const own = [
    ...predictions.map(({ doc, text }) => ({
      doc,
      text: text.replace(/^\w+/, (name) => shortcuts[name as keyof typeof shortcuts]),
    })),
    ...client.members.filter(({ text }) => !text.startsWith('readonly ')),
  ];
  const resources = fields.flatMap(({ doc, text }) => {
    const [, field, type] = /^readonly (\w+): (\w+)$/.exec(text) ?? [];
    if (field === undefined || type === undefined) return [];
    const { doc: about, members } = get(type);
    const methods = members.filter((member) => !member.text.startsWith('readonly '));
    const nested = members.flatMap((member) => {
      const [, name, inner] = /^readonly (\w+): (\w+)$/.exec(member.text) ?? [];
      return name === undefined || inner === undefined ? [] : list(get(inner).members, `${name}.`);
    });
    const intro = [doc, about].filter((line) => line !== '');
    return section(`client.${field}`, ...intro, ...(intro.length > 0 ? [''] : []), ...list(methods), ...nested);
  });
  const block = (name: string) => [
    '```ts',
    get(name).text.replaceAll(/^( +)/gm, (indent) => indent.slice(0, indent.length / 2)),
    '```',
    '',
  ];
  const functions = ['verifyWebhook', 'checkProof', 'verifyValueExport', 'signWebhook'].map(get);
  return [
    '# Reference of @understudy/client',
    '',
    'Generated from the types by `npm run reference`; a test keeps it so. Types that are named here and not shown, `Task`',
    'and `Decision` and the like, are those of [the contract](../../contracts/openapi.json), and exported.',
    '',
    ...section('new UnderstudyClient(options)', client.doc, '', ...block('ClientOptions')),
    ...section('client', ...list(own)),
    ...resources,
    ...section(
      'Options of calls',
      ...['CallOptions', 'IdempotentOptions', 'PageOptions', 'FollowOptions'].flatMap(block),
    ),
    ...section('Lists', ...block('List')),
    ...section('Errors', ...block('UnderstudyError')),
    ...section('Functions', ...list(functions)),
    ...section(
      '@understudy/client/testing: MockUnderstudy',
      get('MockUnderstudy').doc,
      '',
      ...list(get('MockUnderstudy').members.filter(({ text }) => !text.startsWith('['))),
    ),
  ]
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n');
}

/** Compiles the client for its types, and renders them. */
export function renderReference(): string {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-reference-'));
  try {
    compile(folder);
    return reference(declarationsOf(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) writeFileSync(new URL('../REFERENCE.md', import.meta.url), renderReference());
