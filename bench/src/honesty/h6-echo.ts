import { isDeepStrictEqual } from 'node:util';
import { shapeOf } from '@understudy/decisions';
import { type EchoEvidence, isEcho, NO_EVIDENCE, type RecordedLabel, stepEcho, truthOf } from '@understudy/ledger';
import {
  type Budget,
  type FittedCertificate,
  fitCertificate,
  fitScore,
  type ScoredCertifyRow,
  type ScoredTuneRow,
} from '@understudy/training';
import { randomOf } from './random.ts';
import type { HonestyResult } from './result.ts';
import {
  CountModel,
  drawTruth,
  makeWorld,
  type Served,
  sampler,
  serve,
  trueRates,
  type World,
} from './tabular-world.ts';

export interface H6Options {
  seeds: number;
  /** Automated answers that the application feeds back. */
  feedback: number;
}

export const H6_FULL: H6Options = { seeds: 100, feedback: 5000 };

const BUDGET: Budget = { maxError: 0.05, confidence: 0.95 };
const SAMPLING = { imports: 'excluded', since: null, sinceShift: false } as const;
const PERSONS = 40;

/** How the application answers, and what of it may certify. */
interface Application {
  name: string;
  person: (n: number) => string | null;
  /** What would be certified without any guard: the copied answers as a random sample of the traffic. */
  unguarded?: true;
}

const APPLICATIONS: readonly Application[] = [
  { name: 'copies our answers, names nobody', person: () => null },
  { name: 'copies our answers under invented persons', person: (n) => `user-${n % PERSONS}` },
  { name: 'copies our answers, nothing recognises them and they certify', person: () => null, unguarded: true },
];

/**
 * H6: an application that feeds our own automated answers back as labels. The certificate with this feedback has to be
 * the one without it, to the last digit; without recognition the harness has to show how it breaks.
 */
export function echoes({ seeds, feedback }: H6Options = H6_FULL): HonestyResult[] {
  return APPLICATIONS.map((application) => {
    let changed = 0;
    let counted = 0;
    let recognised = 0;
    let broken = 0;
    let certificates = 0;
    let found = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const task = certifiedTask(seed);
      const fed = feedBack(task, application, feedback);
      const after = fitCertificate([...task.rows, ...fed.rows], BUDGET, { tune: task.tune, sampling: SAMPLING });
      if (!isDeepStrictEqual(essence(after), essence(task.certificate))) changed++;
      if (after.threshold !== null) {
        certificates++;
        if (trueRates(task.world, task.served, after.threshold).error > BUDGET.maxError) broken++;
      }
      counted += fed.rows.length;
      recognised += fed.recognised;
      if (fed.alwaysAgrees) found++;
    }
    const unguarded = application.unguarded === true;
    const share = certificates === 0 ? 0 : broken / certificates;
    return {
      test: 'H6',
      scenario: `the application ${application.name}`,
      runs: seeds,
      measured: {
        labels_fed_back: seeds * feedback,
        recognised_share: rounded(recognised / (seeds * feedback)),
        rows_that_count: counted,
        keys_found_to_copy: found,
        certificates,
        certificates_changed: changed,
        broken_share: rounded(share),
      },
      bound: unguarded ? 'the harness shows the broken promise' : 'no certificate changes',
      pass: unguarded ? share > 1 - BUDGET.confidence : changed === 0 && certificates > 0,
    };
  });
}

interface Task {
  world: World;
  served: Served;
  tune: ScoredTuneRow[];
  rows: ScoredCertifyRow[];
  certificate: FittedCertificate;
  random: () => number;
}

/** A task with a mediocre model, certified by reviewed decisions. */
function certifiedTask(seed: number): Task {
  const random = randomOf(seed);
  const world = makeWorld(random, 150, 0.6);
  const draw = sampler(world);
  const model = new CountModel(world);
  const label = () => {
    const cell = draw(random);
    return { cell, label: drawTruth(world, cell, random) };
  };
  for (let i = 0; i < 1500; i++) {
    const { cell, label: truth } = label();
    model.learn(cell, truth);
  }
  const tuning = Array.from({ length: 400 }, label);
  const score = fitScore(
    tuning.map(({ cell, label: truth }) => {
      const shape = shapeOf(model.probabilities(cell));
      return { ...shape, right: shape.top === truth };
    }),
    world.labels,
  );
  const served = serve(world, model, score);
  const tune = tuning.map(({ cell, label: truth }) => ({
    score: served.score[cell]!,
    right: served.answer[cell] === truth,
  }));
  const rows = Array.from({ length: 800 }, (_, n): ScoredCertifyRow => {
    const { cell, label: truth } = label();
    const wrong = served.answer[cell] !== truth;
    return { score: served.score[cell]!, wrong, probability: 1, source: 'reviewer', group: n, occurredAt: n };
  });
  const certificate = fitCertificate(rows, BUDGET, { tune, sampling: SAMPLING });
  return { world, served, tune, rows, certificate, random };
}

/** The labels that come back, through the rules of the ledger, as the rows that they become. */
function feedBack({ world, served, rows, certificate, random }: Task, application: Application, count: number) {
  const draw = sampler(world);
  const threshold = certificate.threshold ?? 0;
  const fed: ScoredCertifyRow[] = [];
  let evidence: EchoEvidence = NO_EVIDENCE;
  let recognised = 0;
  for (let n = 0; n < count; ) {
    const cell = draw(random);
    const confidence = served.score[cell]!;
    if (confidence < threshold) continue;
    const answer = world.labels[served.answer[cell]!]!;
    const person = application.person(n);
    const given = { label: answer, person };
    const echo = !application.unguarded && isEcho(given, { label: answer, suggestion: null }, evidence);
    if (echo) recognised++;
    if (person !== null) evidence = stepEcho(evidence, true, confidence);
    const truth = application.unguarded ? given : truthOf([recorded(n, answer, person, echo)]);
    if (truth !== null) {
      const probability = application.unguarded ? 1 : null;
      const wrong = truth.label !== answer;
      const group = rows.length + n;
      fed.push({ score: confidence, wrong, probability, source: 'application', group, occurredAt: group });
    }
    n++;
  }
  return { rows: fed, recognised, alwaysAgrees: evidence.alwaysAgrees };
}

function recorded(n: number, label: string, person: string | null, echo: boolean): RecordedLabel {
  return {
    id: `lab_${n}`,
    label,
    source: 'application',
    principal: 'key_1',
    probability: null,
    note: null,
    person,
    seconds: null,
    item: null,
    echo,
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

/** All of a certificate but the count of rows that were left out. */
const essence = ({ left: _, ...certificate }: FittedCertificate) => certificate;

const rounded = (value: number) => Math.round(value * 1e4) / 1e4;
