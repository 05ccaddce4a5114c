import { resolve } from 'node:path';
import type { InlineConfig } from 'vite';

/** The folder of this app. */
export const appRoot = resolve(import.meta.dirname, '..');

/** What the build and the development server have in common. JSX goes through Vite’s own transformer: no plugin. */
export function viteOptions(): InlineConfig {
  return {
    root: appRoot,
    configFile: false,
    envFile: false,
    clearScreen: false,
    logLevel: 'error', // its warnings are about directives inside of packages; what fails, throws
    oxc: { jsx: { runtime: 'automatic', importSource: 'react' } },
    resolve: { dedupe: ['react', 'react-dom'] },
  };
}
