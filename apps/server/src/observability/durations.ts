import type { Registry } from 'prom-client';

interface Series {
  labels: Record<string, string>;
  /** Observations a bucket, not cumulative; the last one is beyond every bound. */
  counts: Float64Array;
  sum: number;
}

/**
 * A Prometheus histogram whose series are looked up once and then counted in an array: prom-client's own hashes the
 * labels at each observation, which costs more than the rest of a request's bookkeeping together.
 */
export class Durations {
  readonly #name: string;
  readonly #bounds: readonly number[];
  readonly #series: Series[] = [];

  constructor(registry: Registry, options: { name: string; help: string; bounds: readonly number[] }) {
    this.#name = options.name;
    this.#bounds = options.bounds;
    const get = () => Promise.resolve({ ...options, type: 'histogram', aggregator: 'sum', values: this.#values() });
    const metric = { ...options, type: 'histogram', aggregator: 'sum', get, getForPromString: get, reset: () => {} };
    // The registry only ever calls these; its types name the four classes that it ships.
    registry.registerMetric(metric as never);
  }

  /** Adds a series and returns what observes a value in it. */
  series(labels: Record<string, string>): (value: number) => void {
    const series: Series = { labels, counts: new Float64Array(this.#bounds.length + 1), sum: 0 };
    this.#series.push(series);
    return (value) => {
      let bucket = 0;
      while (bucket < this.#bounds.length && value > this.#bounds[bucket]!) bucket++;
      series.counts[bucket]!++;
      series.sum += value;
    };
  }

  #values(): object[] {
    return this.#series.flatMap(({ labels, counts, sum }) => {
      let total = 0;
      const buckets = [...counts].map((count, index) => {
        total += count;
        const le = this.#bounds[index] ?? '+Inf';
        return { labels: { le, ...labels }, value: total, metricName: `${this.#name}_bucket` };
      });
      return [
        ...buckets,
        { labels, value: sum, metricName: `${this.#name}_sum` },
        { labels, value: total, metricName: `${this.#name}_count` },
      ];
    });
  }
}
