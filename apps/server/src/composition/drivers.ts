import { LinearTrainer } from '@understudy/trainer-linear';
import type { Trainer } from '@understudy/training';

export const trainers: readonly Trainer[] = [new LinearTrainer()];
export const runtimes: readonly string[] = [import.meta.resolve('@understudy/runtime-linear')];
