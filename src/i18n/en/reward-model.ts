/** Models that score the steps of replies and write nothing. */
export const rewardModel = {
  badge: 'Reward model',
  purpose:
    'Scores the steps of replies; it cannot write or answer. Load it, open a run with several replies per question, and have their steps scored there.',
  openResults: 'Results',
  notForChat: (name: string) =>
    `${name} is loaded. It is a reward model: it scores the steps of replies and cannot chat. Load a language model to ask something.`,
}
