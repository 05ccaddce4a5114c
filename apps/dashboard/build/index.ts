export { type BuildOptions, type BuildProgress, buildDashboard } from './build-dashboard.ts';
export { type BackgroundBuild, buildInBackground } from './build-in-background.ts';
