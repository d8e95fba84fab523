import type { ComparedModel } from '#core/chat/comparison'

export function modelText({ name, quantization }: ComparedModel): string {
  return `${name} ${quantization}`
}
