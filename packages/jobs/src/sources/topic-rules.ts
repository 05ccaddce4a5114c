import type { TopicRules } from './ports.ts';

/** By bus, then by workspace (`*` = any): patterns in which `*` stands for any characters. */
export type TopicPatterns = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** The operator's word on which workspace may use which topics. */
export class PatternTopicRules implements TopicRules {
  readonly #rules = new Map<string, Map<string, RegExp[]>>();

  constructor(patterns: TopicPatterns) {
    for (const [bus, workspaces] of Object.entries(patterns)) {
      const rules = Object.entries(workspaces).map(([workspace, topics]) => [workspace, topics.map(regexp)] as const);
      this.#rules.set(bus, new Map(rules));
    }
  }

  allows(workspace: string, bus: string, topic: string): boolean | null {
    const rules = this.#rules.get(bus);
    if (rules === undefined) return null;
    const mine = [...(rules.get(workspace) ?? []), ...(rules.get('*') ?? [])];
    return mine.some((pattern) => pattern.test(topic));
  }
}

function regexp(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('*').map(literally).join('.*')}$`, 'su');
}

function literally(text: string): string {
  return text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
}
