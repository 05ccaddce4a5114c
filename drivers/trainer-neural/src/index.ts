export { NeuralTrainer } from './neural-trainer.ts';
