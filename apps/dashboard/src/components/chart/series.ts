export interface ChartSeries {
  name: string;
  /** As many as there are moments; null = nothing is known. */
  values: readonly (number | null)[];
  /** The interval of each value, drawn as a band. */
  low?: readonly (number | null)[];
  high?: readonly (number | null)[];
  /** Dashed, for what is not measured: a budget, a forecast. */
  dashed?: boolean;
  /** 1…5; by position when absent. */
  color?: 1 | 2 | 3 | 4 | 5;
}

export interface ChartData {
  /** Milliseconds since 1970 where `xIsTime`, else plain numbers; rising. */
  x: readonly number[];
  series: readonly ChartSeries[];
}

/** What is said of a chart to who cannot see it: each line's last value, lowest and highest. */
export function describeSeries({ x, series }: ChartData, format: (value: number) => string): string {
  if (x.length === 0) return 'no data';
  return series
    .map(({ name, values }) => {
      const known = values.filter((value) => value !== null);
      const last = known.at(-1);
      if (last === undefined) return `${name}: no data`;
      return `${name}: last ${format(last)}, from ${format(Math.min(...known))} to ${format(Math.max(...known))}`;
    })
    .join('; ');
}
