import { trainerContract } from '@understudy/training/testing';
import { LinearTrainer } from './linear-trainer.ts';

trainerContract('LinearTrainer', () => new LinearTrainer());
