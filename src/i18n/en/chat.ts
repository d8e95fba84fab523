export const chat = {
  title: 'Chat',
  systemMessage:
    'You are a helpful assistant for anesthesiology research and teaching. Answer accurately and concisely, and say so when you do not know.',
  /** Stands before a summary that the model reads in place of the oldest messages. */
  summaryTitle: 'Summary of the conversation so far:',
  summaryInstruction:
    'Summarise the following conversation for someone who will go on with it: the question, the facts of the case, what was recommended and why, and what is still open. Keep numbers, doses and drug names exactly as they are. At most 200 words, no introduction.',
  summaryUser: 'User',
  summaryModel: 'Model',
  notADevice:
    'Replies come from a language model and can be wrong. For research and teaching, not for the care of patients.',
  conversations: 'Conversations',
  newConversation: 'New conversation',
  noConversations: 'None yet.',
  remove: (title: string) => `Delete “${title}”`,
  removed: (title: string) => `“${title}” was deleted.`,
  messages: 'Messages',
  you: 'You',
  empty: (model: string) => `${model} is ready. Ask it something.`,
  noModel: 'No model is loaded',
  noModelHint:
    'The built-in model is ready in a moment and needs no download. It knows a fictional drug formulary only.',
  loadBuiltIn: 'Load the built-in model',
  loadLast: (name: string) => `Load ${name} again`,
  chooseModel: 'Choose another model',
  suggestions: 'Try one of these',
  demoQuestions: [
    'Tell me about zorane.',
    'What is the dose of fenlam for a child of 7 kg?',
    'How do I intubate a patient?',
  ],
  question: 'Your question',
  placeholder: 'Ask a question',
  keys: 'Enter sends, Shift+Enter starts a new line, Esc stops the reply.',
  send: 'Send',
  stop: 'Stop',
  waiting: 'Reading the question…',
  busyElsewhere: 'A reply is being written in another conversation.',
  goThere: 'Go there',
  replyBy: (model: string) => `Reply by ${model}`,
  finished: (text: string) => `Reply: ${text}`,
  tokens: (count: string) => `${count} ${count === '1' ? 'token' : 'tokens'}`,
  speed: (tokensPerSecond: string) => `${tokensPerSecond} tokens/s`,
  firstToken: (time: string) => `first token after ${time}`,
  ends: {
    stop: '',
    length: 'Cut off: the length limit was reached.',
    abort: 'Stopped by you.',
    interrupted: 'Interrupted: the reply is incomplete.',
  },
  omitted: (count: string) => `Answered without the oldest ${count} messages.`,
  retry: 'Ask again',
  unanswered: 'This question has no reply yet.',
  contextTitle: 'The conversation is too long for this model',
  contextDetail: (promptTokens: string, contextTokens: string) =>
    `It has ${promptTokens} tokens; the model holds ${contextTokens}.`,
  contextChoice:
    'Either the oldest messages are left out of what the model reads (they stay stored), or you begin anew.',
  contextTooLong: 'This question alone is too long. Shorten it and ask again in a new conversation.',
  omitOldest: 'Leave out the oldest',
  storage: {
    'storage-full':
      'Not stored: the disk space that the browser allows is used up. Delete old conversations or runs, then send again.',
    'conversation-gone':
      'This conversation was deleted in another tab. Copy your question and begin a new one.',
    'storage-failed':
      'Not stored: the browser refused. Your question is still in the box; send it again or reload the page.',
  },
}
