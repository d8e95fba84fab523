/** The copy of the site that the browser keeps, its version, and newer versions. */
export const offline = {
  title: 'Offline and version',
  updateReady: 'A newer version of Somnus is ready.',
  update: 'Update',
  waitsForWork: 'Somnus will update as soon as the work under way has ended.',

  ready: 'Ready for offline use',
  readyHint: (files: string, size: string) =>
    `All ${files} files of this version (${size}) are kept on this computer. Without a network Somnus starts, loads the models you have stored, answers and measures as usual.`,
  preparing: 'Getting ready for offline use',
  amount: (stored: string, total: string) => `${stored} of ${total}`,
  notReady: 'Not ready for offline use yet',
  tryAgain: 'Try again',
  impossible: 'Offline use is not possible here',
  reasons: {
    insecure:
      'Browsers keep a site for offline use only if it comes over https or from this computer itself (localhost). With a network, everything except graphics acceleration works.',
    unsupported:
      'This browser gives this page no service worker, which offline use needs. Private windows of some browsers have none.',
    development: 'The development server is always asked for its newest files.',
  },
  failures: {
    unreachable: (path: string) =>
      `The site’s host did not answer, or the connection broke off (at ${path}). What has arrived is kept for the next attempt.`,
    status: (path: string, status: string) => `The site’s host answered with error ${status} for ${path}.`,
    wrongContent: (path: string) =>
      `What came as ${path} is not the file that belongs to this version. Either the site is being updated at this moment, or something on the way has changed the file.`,
    storage: (detail: string) =>
      `The browser did not store the files (${detail}). None of them was kept. Free some space, e.g. by deleting models, then try again.`,
    unknown: 'The browser did not say why.',
  },

  version: 'Version',
  buildHash: 'Build hash (SHA-256)',
  buildHashHint:
    'The SHA-256 of the file SHA256SUMS, which holds the SHA-256 of every file of this version. Whoever builds the same version gets the same hash.',
  buildCommand:
    'In a copy of the source at this commit, this command builds it anew and compares every file with what this address serves:',
  buildHashUnknown: 'Not known: the file SHA256SUMS could not be read.',

  check: 'Look for a newer version',
  checking: 'Looking…',
  newest: 'There is no newer version.',
  unreachable:
    'The site’s host did not answer, or its answer is no version of Somnus. The version that you have keeps working.',
  fetching: 'A newer version is being fetched',
  updateTitle: 'A newer version is ready',
  updateHint: (version: string) =>
    `Version ${version} is used when you say so, not before. All Somnus tabs then reload; what you have stored stays.`,
  updateNow: 'Update now',
  updateLater: 'Update after the work under way',
  waiting: 'The update waits for work in this tab or another one to end',
  stopWaiting: 'Do not update',
  updateFailed: 'A newer version could not be fetched; this one keeps working',
  didNotStart: 'The newer version did not start here',
  didNotStartHint: (version: string) =>
    `Version ${version} was opened twice without starting, so you have this one again.`,

  install: 'Install Somnus as an app',
  installHint: 'It gets an icon and a window of its own. What is stored, and where, stays the same.',
}
