import { assemble } from './assemble.ts';
import { isFine, wholeWindow } from './buckets.ts';
import type { Figures, FiguresEvidence, FiguresQuery, FiguresReader } from './figures.ts';
import type { RollupStorage } from './rollup-ports.ts';

/** The figures, for the rooms that estimate from them. */
export class LedgerFigures implements FiguresReader {
  readonly #storage: RollupStorage;

  constructor(storage: RollupStorage) {
    this.#storage = storage;
  }

  async read(workspace: string, query: FiguresQuery): Promise<{ figures: Figures[]; evidence: FiguresEvidence }> {
    if (isFine(query.bucket) && query.detail === 'full') {
      throw new RangeError(`details are not kept by ${query.bucket}`);
    }
    const { from, to } = wholeWindow(query, query.bucket);
    const { sums, ledgerSize } = await this.#storage.sums(workspace, { ...query, from, to });
    return { figures: assemble(sums, { ...query, from, to }), evidence: { from, to, ledgerSize } };
  }
}
