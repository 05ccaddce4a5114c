export { LinearTrainer } from './linear-trainer.ts';
export { PARAMETER_RULES } from './parameters.ts';
