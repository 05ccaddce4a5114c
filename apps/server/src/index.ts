export { type Restored, restoreBackup } from './backup/restore-backup.ts';
export { askBus } from './composition/buses.ts';
export {
  type BusSetting,
  type Config,
  ConfigError,
  describeSettings,
  type Role,
  readConfig,
  settings,
} from './config.ts';
export { type ApiDescription, describeApi } from './describe-api.ts';
export { type RunningServer, type StartProgress, startServer } from './start-server.ts';
export { codeVersion } from './version.ts';
