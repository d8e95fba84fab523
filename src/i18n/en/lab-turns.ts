/** What all work of the lab that models do by turns says. */
const rows = (count: string) => `${count} ${count === '1' ? 'row was' : 'rows were'}`

export const labTurns = {
  title: 'Turns',
  left: (time: string) => `about ${time} left`,
  notYet: 'not begun',
  next: (model: string) =>
    `Next: ${model}. One model fits the device at a time; it is loaded in place of the one that is there.`,
  start: (model: string) => `Load ${model} and begin`,
  goOn: (model: string) => `Go on with ${model}`,
  stop: 'Stop',
  phases: {
    preparing: 'Preparing…',
    loading: 'Loading the model…',
    working: 'Working. You can leave this page; close the tab and it goes on from here later.',
    ending: 'Stopping…',
  },
  taken: 'The engine is in use elsewhere in this app. Wait for it or stop it, then begin.',
  problems: {
    busyRun: 'This work is under way in another tab.',
    busyEngine: 'A benchmark or other work with models is under way in another tab.',
    of: (model: string) => `${model} could not do its turn.`,
    'study-gone': 'This work was deleted.',
    'out-of-step': 'Another tab has gone on with this work. Open it again.',
    'storage-full': 'The browser’s storage is full. What was stored before is unchanged.',
    'storage-failed': 'The browser could not store the last step. What was stored before is unchanged.',
  },
  pauses: {
    user: 'Stopped. What is done so far is stored; it goes on where it was.',
    'taken-over': 'Another tab took the engine. It goes on here where it was.',
    'device-lost': 'The model was lost (graphics device or worker). It goes on where it was.',
    'out-of-memory': 'The memory ran out. It goes on where it was.',
    'engine-failure': 'The model could not be loaded, or the engine failed. It goes on where it was.',
    'storage-full': 'The browser’s storage was full. It goes on where it was.',
  },
  files: {
    choose: 'Choose files…',
    reading: 'Reading…',
    leftOut: (count: string) => `${rows(count)} left out`,
    nothing: 'Nothing could be read',
    wrongShape: (file: string, found: string) =>
      `${file} has no field with a question. It has: ${found}. Expected “question”, “instruction”, “prompt” or 问题.`,
    unknownFormat: (file: string, start: string) =>
      `${file} is not JSON Lines, CSV or JSON. It begins with “${start}”.`,
    noQuestion: (expected: string) => `Expected one of the fields ${expected}.`,
  },
  words: {
    title: 'What the judge is asked',
    missing: (word: string) => `${word} is missing.`,
    unknown: (word: string) => `${word} is not known and would be sent as it stands.`,
    tooLong: 'Too long.',
    back: 'Back to our wording',
    hash: 'SHA-256 of the wording:',
  },
}
