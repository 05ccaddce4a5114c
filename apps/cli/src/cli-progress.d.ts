/** The part of cli-progress 3.12 that is used; the package has no types of its own. */
declare module 'cli-progress' {
  export interface BarOptions {
    stream?: NodeJS.WritableStream;
    clearOnComplete?: boolean;
    hideCursor?: boolean;
    fps?: number;
    gracefulExit?: boolean;
    format?: (
      options: unknown,
      params: { progress: number; value: number; total: number },
      payload: { text?: string },
    ) => string;
  }
  export class SingleBar {
    constructor(options: BarOptions);
    start(total: number, value: number, payload?: object): void;
    update(value: number, payload?: object): void;
    stop(): void;
  }
}
