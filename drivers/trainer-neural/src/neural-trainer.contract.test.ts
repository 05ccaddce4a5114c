import { trainerContract } from '@understudy/training/testing';
import { NeuralTrainer } from './neural-trainer.ts';

trainerContract('NeuralTrainer', () => new NeuralTrainer());
