/** One engine for several tabs, and loads that take their time. */
export const engine = {
  elsewhere: (model: string, since: string) => `Another tab has “${model}” loaded, since ${since}.`,
  elsewhereSilent: 'Another tab is using the engine.',
  onlyOne:
    'Only one tab at a time holds a model: two would compete for memory and spoil each other’s timings.',
  measuring: 'A benchmark is running there. Taking over pauses it; no stored answer is lost.',
  waits: (model: string) => `“${model}” will load here when the other tab is done with its model.`,
  useHere: 'Use it here',
  notNow: 'Leave it there',
  asking: 'The other tab is ending its work and unloading its model…',
  taken: (model: string) => `Another tab has taken over the engine. “${model}” was unloaded here.`,
  takenKept: 'A reply under way was kept as far as it was written; a run was paused and can go on.',
  takeBack: 'Take it back',
  exact: {
    show: (model: string) => `Show it as the chat template of “${model}” writes it`,
    title: (model: string) => `With the chat template of “${model}”`,
    text: 'This is the text whose tokens the model reads; its reply goes on where it ends.',
    begins:
      'This is the text whose tokens the model reads, after a token that marks the beginning; its reply goes on where it ends.',
    noModel: 'Load a model to see these messages with the marks that its chat template writes around them.',
  },
  slowStep:
    'This step can take several minutes on slow graphics or a busy computer. You can go on waiting, or stop and choose a smaller model.',
}
