import type { Stores } from '#app/stores'
import { routeHash } from '../../router'
import { fileProblemText } from './file-problem-text'

/** Opens a file as a conversation, stored now or before, and tells what became of it. */
export async function importConversation(
  file: File,
  { locale, notices, chats, chatTools }: Pick<Stores, 'locale' | 'notices' | 'chats' | 'chatTools'>,
): Promise<void> {
  const texts = locale.t.chatFiles.import
  const { files } = await chatTools()
  const read = await files.importConversation(file)
  if (!read.ok) {
    const reason = fileProblemText(read.failure, 'conversation', locale)
    notices.show({ text: `${texts.failed(file.name)}${locale.t.chatCompare.colon}${reason}`, kind: 'bad' })
    return
  }
  const { id, title, isNew } = read.value
  await chats.open(id)
  location.hash = routeHash({ page: 'chat', conversationId: id })
  notices.show({ text: isNew ? texts.imported(title) : texts.known(title), kind: 'info' })
}
