import type { ModelRuntime } from '@understudy/inference';
import { LinearRuntime } from '@understudy/runtime-linear';
import { LinearTrainer } from '@understudy/trainer-linear';
import { NeuralTrainer } from '@understudy/trainer-neural';
import type { Trainer } from '@understudy/training';

/** The trainers of this installation; `auto` tries those that can learn a task. */
export const trainers: readonly Trainer[] = [new LinearTrainer(), new NeuralTrainer()];

/** The runtimes that model hosts import, as module URLs. */
export const runtimes: readonly string[] = [
  import.meta.resolve('@understudy/runtime-linear'),
  import.meta.resolve('@understudy/runtime-neural'),
];

/** Those whose models answer small batches in the process that asks. */
export const tameRuntimes: readonly ModelRuntime[] = [new LinearRuntime()];
