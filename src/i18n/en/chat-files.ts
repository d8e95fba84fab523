export const chatFiles = {
  title: 'Conversation files',
}
