import { hajekError, weightedErrorIntervalOfCounts } from '@understudy/statistics';
import type { ReplaySide } from '@understudy/wire';
import { CONFIDENCE, FEWEST_AUDITS } from '../error-rate.ts';
import { type Billionths, billionthsOf, formatMoney, portion } from '../money.ts';
import type { Economics } from '../ports.ts';
import { DAY_MS } from '../window.ts';
import type { Recorded } from './recorded.ts';

interface Known {
  all: number;
  right: number;
  wrong: number;
}

/** One side of the comparison: what was decided, and what is known of its errors. */
export class Side {
  decisions = 0;
  automated = 0;
  #audits = 0;
  #cost = new Map<string, Billionths>();
  /** Billionths of one currency that are not in `#cost` yet: whole, far below 2^53, and much faster than a bigint. */
  #pending = { currency: '', billionths: 0 };
  /** Automated decisions that had been automated then (by audit probability), or left to people (`review`). */
  readonly #known = new Map<number | 'review' | 'unaudited', Known>();
  readonly #days = new Map<number, { items: number; audits: number }>();

  /** `answer`: the label that is automated on this side; null = left to people. `auditRate`: where the row has none. */
  add(row: Recorded, answer: string | null, auditRate: number): void {
    this.decisions++;
    this.#charge(row.cost);
    const at = Math.floor(row.at / DAY_MS);
    let day = this.#days.get(at);
    if (day === undefined) {
      day = { items: 0, audits: 0 };
      this.#days.set(at, day);
    }
    if (answer === null) {
      day.items++;
      return;
    }
    this.automated++;
    const probability = row.outcome === 'automated' ? (row.audit ?? 0) : auditRate;
    this.#audits += probability;
    day.audits += probability;
    const lane = row.outcome === 'review' ? 'review' : (row.audit ?? 'unaudited');
    let known = this.#known.get(lane);
    if (known === undefined) {
      known = { all: 0, right: 0, wrong: 0 };
      this.#known.set(lane, known);
    }
    known.all++;
    if (row.truth === null || lane === 'unaudited') return;
    if (row.truth === answer) known.right++;
    else known.wrong++;
  }

  #charge({ currency, amount }: Recorded['cost']): void {
    const pending = this.#pending;
    if (pending.currency !== currency || pending.billionths > 2 ** 50) this.#settleCost(currency);
    const billionths = Math.round(Number(amount) * 1e9);
    if (billionths > 2 ** 50) this.#cost.set(currency, (this.#cost.get(currency) ?? 0n) + billionthsOf(amount));
    else pending.billionths += billionths;
  }

  #settleCost(next: string): void {
    const { currency, billionths } = this.#pending;
    if (billionths > 0) this.#cost.set(currency, (this.#cost.get(currency) ?? 0n) + BigInt(billionths));
    this.#pending = { currency: next, billionths: 0 };
  }

  #errorRate(): ReplaySide['error_rate'] {
    const groups: { probability: number; right: number; wrong: number }[] = [];
    let blind = 0;
    for (const [lane, { all, right, wrong }] of this.#known) {
      if (lane === 'unaudited' || right + wrong === 0) {
        blind += all;
        continue;
      }
      // Those left to people were all to be labelled; what is labelled so far stands for all of them.
      groups.push({ probability: lane === 'review' ? (right + wrong) / all : lane, right, wrong });
    }
    const wrong = groups.reduce((sum, group) => sum + group.wrong, 0);
    const labelled = groups.reduce((sum, group) => sum + group.right, wrong);
    const nothing = { estimate: null, low: null, high: null, labelled, wrong };
    if (this.automated === 0) return { ...nothing, note: 'Nothing is automated.' };
    if (labelled < FEWEST_AUDITS) {
      const note = `Too little evidence: ${labelled} of them have a label that was drawn at random, ${FEWEST_AUDITS} are needed.`;
      return { ...nothing, note };
    }
    groups.sort((a, b) => a.probability - b.probability);
    const { low, high } = weightedErrorIntervalOfCounts(groups, CONFIDENCE);
    const known = 1 - blind / this.automated;
    return {
      estimate: rounded(hajekError(groups)!.error),
      low: rounded(low * known),
      high: rounded(high * known + 1 - known),
      labelled,
      wrong,
      note:
        blind === 0
          ? null
          : `${blind} of them belong to a group of which no label was drawn; the interval allows for each being wrong.`,
    };
  }

  /** The figures of this side, with a verdict taking `minutes`. Throws `invalid_price`. */
  present(economics: Economics, minutes: number): ReplaySide {
    this.#settleCost('');
    const error = this.#errorRate();
    const items = this.decisions - this.automated;
    const worked = (items + this.#audits) * minutes;
    const perMinute = Number(billionthsOf(economics.costPerHour)) / 1e9 / 60;
    const reviewer = BigInt(Math.round(worked * perMinute * 1e9));
    const exposed = BigInt(this.automated) * billionthsOf(economics.costOfError);
    const errors = exposed === 0n ? 0n : error.estimate === null ? null : portion(exposed, error.estimate);
    const model = this.#cost.get(economics.currency) ?? 0n;
    const foreign = [...this.#cost].some(([currency, amount]) => currency !== economics.currency && amount !== 0n);
    const days = [...this.#days].sort(([, a], [, b]) => b.items + b.audits - (a.items + a.audits));
    const [busiest] = days;
    return {
      decisions: this.decisions,
      automated: this.automated,
      automation_rate: this.decisions === 0 ? null : rounded(this.automated / this.decisions),
      error_rate: error,
      expected_errors: error.estimate === null ? null : rounded(error.estimate * this.automated),
      cost: {
        currency: economics.currency,
        model: foreign ? null : formatMoney(model),
        reviewer: formatMoney(reviewer),
        errors: errors === null ? null : formatMoney(errors),
        total: foreign || errors === null ? null : formatMoney(model + reviewer + errors),
      },
      queue: {
        items,
        audits: rounded(this.#audits),
        minutes: rounded(worked),
        busiest_day:
          busiest === undefined
            ? null
            : {
                day: new Date(busiest[0] * DAY_MS).toISOString().slice(0, 10),
                items: busiest[1].items,
                minutes: rounded((busiest[1].items + busiest[1].audits) * minutes),
              },
      },
    };
  }
}

const rounded = (value: number) => Math.round(value * 1e6) / 1e6;
