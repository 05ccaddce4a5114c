import { replayWorld } from '@understudy/value/testing';
import type { HonestyResult } from './result.ts';

const NO_CHANGE = { maxError: null, confidence: null, modelVersion: null, threshold: null };

/**
 * H8: history replayed with nothing changed. Each world has two model versions, two certificates, a time before any
 * certificate, outages of the model, and texts that are scored again; outcome, label, confidence and threshold of every
 * row are compared. Beside it the same replay under a model, and under a certificate, that is not the recorded one:
 * the comparison has to notice.
 */
export async function replaying({ seeds, decisions }: { seeds: number; decisions: number }): Promise<HonestyResult[]> {
  const exact = { compared: 0, identical: 0, rescored: 0 };
  const noticed = { model: 0, certificate: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const world = await replayWorld({ decisions, seed });
    const { compared, rescored } = await world.replay(NO_CHANGE);
    exact.compared += compared.identical + compared.different;
    exact.identical += compared.identical;
    exact.rescored += rescored;
    world.drift = 0.000002;
    if ((await world.replay(NO_CHANGE)).compared.different > 0) noticed.model++;
    world.drift = 0;
    world.certificates.get('crt_b')!.threshold = 0.750001;
    if ((await world.replay(NO_CHANGE)).compared.different > 0) noticed.certificate++;
  }
  const sensitive = (scenario: string, found: number): HonestyResult => ({
    test: 'H8',
    scenario,
    runs: seeds,
    measured: { noticed: found },
    bound: 'all',
    pass: found === seeds,
  });
  return [
    {
      test: 'H8',
      scenario: 'history replayed with nothing changed: outcome, label, confidence and threshold of every row',
      runs: seeds,
      measured: exact,
      bound: 'all identical',
      pass: exact.identical === exact.compared && exact.compared === seeds * decisions,
    },
    sensitive('a model whose scores are off by two millionths', noticed.model),
    sensitive('a certificate whose threshold is off by a millionth', noticed.certificate),
  ];
}
