import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import type { ChartData } from './series.ts';

interface CanvasProps extends ChartData {
  height: number;
  min?: number;
  max?: number;
  format(value: number): string;
  formatX: ((value: number) => string) | undefined;
  /** Index of the moment under the cursor. */
  cursor: number | null;
  onCursor(index: number | null): void;
}

/** The drawing itself, on its own so that its library is loaded only by pages that draw. */
export function ChartCanvas({ x, series, height, min, max, format, formatX, cursor, onCursor }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const scheme = useComputedColorScheme('light');
  const shape = JSON.stringify([
    scheme,
    height,
    min,
    max,
    formatX === undefined,
    series.map(({ name, dashed, color, low }) => [name, dashed, color, low !== undefined]),
  ]);
  const latest = useRef({ format, formatX, onCursor });
  latest.current = { format, formatX, onCursor };

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for all that the drawing is made of
  useEffect(() => {
    const element = box.current!;
    const style = getComputedStyle(document.documentElement);
    const variable = (name: string) => style.getPropertyValue(name).trim();
    const font = `11.5px ${style.getPropertyValue('--mantine-font-family')}`;
    const axis = {
      stroke: variable('--mantine-color-dimmed'),
      font,
      grid: { stroke: variable('--line'), width: 1 },
      ticks: { show: false },
    };
    const options: UPlot.Options = {
      width: Math.max(80, element.clientWidth),
      height,
      padding: [10, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
      scales: {
        x: { time: formatX === undefined },
        y: {
          range: (_self, low, high) => {
            const bottom = min ?? (low >= 0 ? 0 : low * 1.1);
            const top = max ?? (high > bottom ? bottom + (high - bottom) * 1.08 : bottom + 1);
            return [bottom, top];
          },
        },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 70,
          values:
            formatX === undefined ? timeTicks : (_self, ticks) => ticks.map((tick) => latest.current.formatX!(tick)),
        },
        {
          ...axis,
          space: 34,
          size: (_self, labels) => Math.max(34, 12 + 7 * Math.max(0, ...(labels ?? []).map((label) => label.length))),
          values: (_self, ticks) => ticks.map((tick) => latest.current.format(tick)),
        },
      ],
      series: [
        {},
        ...series.flatMap(({ name, dashed, color, low }, index) => {
          const stroke = variable(`--chart-${color ?? (index % 5) + 1}`);
          const line: UPlot.Series = {
            label: name,
            stroke,
            width: dashed === true ? 1.25 : 2,
            spanGaps: false,
            points: { show: dashed === true ? false : x.length <= 2, size: 6, fill: stroke },
            ...(dashed === true ? { dash: [5, 4] } : {}),
          };
          const edge: UPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };
          return low === undefined ? [line] : [line, edge, edge];
        }),
      ],
      bands: bandsOf(series, (index) => `color-mix(in srgb, ${variable(`--chart-${index}`)} 16%, transparent)`),
      hooks: {
        setCursor: [(self) => latest.current.onCursor(self.cursor.idx ?? null)],
      },
    };
    const made = new UPlot(options, dataOf(x, series, formatX === undefined), element);
    plot.current = made;
    // The keyboard and the words are on the element around it.
    made.root.setAttribute('aria-hidden', 'true');
    const observer = new ResizeObserver(() => made.setSize({ width: Math.max(80, element.clientWidth), height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);

  useEffect(() => {
    plot.current?.setData(dataOf(x, series, formatX === undefined));
  }, [x, series, formatX]);

  useEffect(() => {
    const drawn = plot.current;
    if (drawn === null || cursor === null || drawn.cursor.idx === cursor) return;
    const value = drawn.data[0][cursor];
    if (value !== undefined) drawn.setCursor({ left: drawn.valToPos(value, 'x'), top: 10 }, false);
  }, [cursor]);

  return <div ref={box} />;
}

/** uPlot counts seconds. */
function dataOf(x: readonly number[], series: ChartData['series'], isTime: boolean): UPlot.AlignedData {
  return [
    isTime ? x.map((moment) => moment / 1000) : [...x],
    ...series.flatMap(({ values, low, high }) =>
      low === undefined ? [[...values]] : [[...values], [...(high ?? values)], [...low]],
    ),
  ] as UPlot.AlignedData;
}

function bandsOf(series: ChartData['series'], fill: (color: number) => string): UPlot.Band[] {
  const bands: UPlot.Band[] = [];
  let at = 1;
  series.forEach(({ low, color }, index) => {
    if (low !== undefined) bands.push({ series: [at + 1, at + 2], fill: fill(color ?? (index % 5) + 1) });
    at += low === undefined ? 1 : 3;
  });
  return bands;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** `06:45` within two days, `21 Nov` beyond, in the viewer's zone; seconds when minutes would repeat. */
function timeTicks(_self: UPlot, ticks: number[]): string[] {
  const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  const options: Intl.DateTimeFormatOptions =
    step >= DAY
      ? { day: 'numeric', month: 'short' }
      : step >= 60 || step === 0
        ? { hour: '2-digit', minute: '2-digit' }
        : { hour: '2-digit', minute: '2-digit', second: '2-digit' };
  const formatter = new Intl.DateTimeFormat('en-GB', options);
  return ticks.map((tick) => formatter.format(tick * 1000));
}
