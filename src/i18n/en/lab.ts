export const lab = {
  title: 'Lab',
  intro: 'Work in which a model is asked more than once, or two models look at each other’s answers.',
  intendedUse:
    'For teaching and research. What the models write here is not checked by anyone and must not guide the care of a patient.',
  open: 'Open',
  toLab: 'Lab',
  kinds: {
    experts: {
      title: 'Two experts',
      text: 'One model reasons aloud and doubts itself, another reviews it, until they find the reasoning sufficient; then it is written out as one account. After the method of Citrus.',
    },
    'cross-filter': {
      title: 'Cross-filter',
      text: 'One model writes answers, a different one scores them on five aspects, and you keep those that pass. After the method of Hypnos.',
    },
    'open-ended': {
      title: 'Open-ended evaluation',
      text: 'Two models answer open questions. Their answers are held against references, compared by a judge and rated blindly by people. In the manner of Hypnos.',
    },
  },
  list: {
    title: 'Earlier work',
    none: 'Nothing here yet.',
    more: (name: string) => `More for “${name}”`,
    rename: 'Rename',
    newName: 'New name',
    save: 'Save',
    delete: 'Delete',
    deleteNamed: (name: string) => `Delete “${name}”`,
    deleted: (name: string) => `“${name}” was deleted.`,
    standings: {
      working: 'At work',
      elsewhere: 'At work in another tab',
      finished: 'Finished',
      resting: 'Not finished; it can go on',
      failed: 'Stopped by a failure; it can go on',
    },
    changed: (date: string) => `Changed ${date}`,
  },
  unknown: 'It is not here: it was deleted, or made in another browser.',
}
