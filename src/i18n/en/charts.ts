export const charts = {
  numbers: 'Show the numbers',
  scroll: (title: string) => `Numbers of “${title}”, scroll sideways`,
  save: (format: string) => `Save as ${format}`,
  saveAs: (title: string, format: string) => `Save “${title}” as ${format}`,
  failed: 'This browser could not draw the picture.',
  answers: (count: string) => `${count} answers`,
  common: (count: string) => `${count} common questions`,
  version: (version: string) => `Somnus ${version}`,
  floor: 'Pure chance',
  accuracy: 'Accuracy',
}
