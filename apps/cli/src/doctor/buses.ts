import type { BusSetting } from '@understudy/server';
import { type Check, fail, ok } from './check.ts';

/** One check a message system of UNDERSTUDY_BUSES. */
export function busChecks(buses: readonly BusSetting[]): Check[] {
  return buses.map((setting) => ({
    name: `bus ${setting.name}`,
    run: async () => {
      const { askBus } = await import('@understudy/server');
      const { address, problem } = await askBus(setting);
      if (problem === null) return ok(`${address} answers`);
      return fail(`${address}: ${problem}`, 'check its URL and credentials in UNDERSTUDY_BUSES, and whether it runs');
    },
  }));
}
