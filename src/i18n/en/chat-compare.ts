export const chatCompare = {
  title: 'Two models, one question',
}
