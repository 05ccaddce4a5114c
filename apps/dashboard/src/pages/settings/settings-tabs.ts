export const settingsTabs = ['workspace', 'members', 'keys', 'audit'] as const;
export type SettingsTab = (typeof settingsTabs)[number];
