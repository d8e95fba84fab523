export const settings = {
  title: 'Settings',
  language: 'Interface language',
  languageHint: 'Independent of the language of the questions.',
  theme: 'Appearance',
  themes: { system: 'Like the system', light: 'Light', dark: 'Dark' },
  storage: 'Storage on this computer',
  storageUsed: (used: string, quota: string) => `${used} used of about ${quota} that the browser allows.`,
  storageUnknown: 'This browser does not say how much it stores.',
  persisted: 'The browser has promised to keep this data until you delete it.',
  notPersisted: 'The browser may delete this data when the disk runs full.',
  persist: 'Ask the browser to keep it',
  persistRefused: 'The browser did not agree. It decides by how often you use this site; try again later.',
  about: 'About',
  version: (version: string) => `Somnus ${version}`,
  intendedUse:
    'Somnus is made for research and teaching. It is not a medical device, has not been validated for clinical use, and must not guide the care of any patient.',
  privacy:
    'Everything stays in this browser. The only requests that leave this computer are the downloads you start, to the host named beside the button.',
}
