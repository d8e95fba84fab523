export const reading = {
  title: 'Reading',
}
