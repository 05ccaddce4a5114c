export { NeuralRuntime, runtime } from './neural-runtime.ts';
