import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Violation {
  id: string;
  help: string;
  nodes: { target: unknown[]; failureSummary?: string }[];
}

/**
 * What axe finds on the page as it stands, in words: WCAG 2.2 A and AA, and axe’s own best practices; or only contrasts,
 * where nothing but the colours is new.
 */
export async function violationsOn(page: Page, what: 'everything' | 'contrast' = 'everything'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  // Half-way from one colour to the next nothing has the contrast that it will have.
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime ?? Number.POSITIVE_INFINITY));
    await Promise.all(ending.map(({ finished }) => finished.catch(() => {})));
  });
  const only = what === 'everything' ? { type: 'tag', values: TAGS } : { type: 'rule', values: ['color-contrast'] };
  const violations = await page.evaluate(async (runOnly) => {
    const { axe } = window as unknown as {
      axe: { run(context: unknown, options: unknown): Promise<{ violations: unknown }> };
    };
    return (await axe.run(document, { runOnly, resultTypes: ['violations'] })).violations;
  }, only);
  return (violations as Violation[]).map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes
        .slice(0, 4)
        .map(
          ({ target, failureSummary }) =>
            `    ${target.join(' ')}\n      ${failureSummary?.replaceAll('\n', '\n      ') ?? ''}`,
        )
        .join('\n')}`,
  );
}
