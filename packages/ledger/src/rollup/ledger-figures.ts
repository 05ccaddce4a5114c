import { assemble } from './assemble.ts';
import type { Figures, FiguresEvidence, FiguresQuery, FiguresReader } from './figures.ts';
import type { RollupStorage } from './rollup-ports.ts';

const HOUR_MS = 3_600_000;

/** The figures, for the rooms that estimate from them. */
export class LedgerFigures implements FiguresReader {
  readonly #storage: RollupStorage;

  constructor(storage: RollupStorage) {
    this.#storage = storage;
  }

  async read(workspace: string, query: FiguresQuery): Promise<{ figures: Figures[]; evidence: FiguresEvidence }> {
    const from = Math.floor(query.from / HOUR_MS) * HOUR_MS;
    const to = Math.ceil(query.to / HOUR_MS) * HOUR_MS;
    const { sums, ledgerSize } = await this.#storage.sums(workspace, { ...query, from, to });
    return { figures: assemble(sums, { ...query, from, to }), evidence: { from, to, ledgerSize } };
  }
}
