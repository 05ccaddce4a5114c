import { MajorityTrainer } from './majority-trainer.ts';
import { trainerContract } from './trainer.contract.ts';

trainerContract('MajorityTrainer', () => new MajorityTrainer());
