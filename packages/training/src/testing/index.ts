export { MajorityTrainer } from './majority-trainer.ts';
export { trainableRows, trainerContract } from './trainer.contract.ts';
