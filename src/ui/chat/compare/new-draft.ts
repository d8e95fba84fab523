import { CompareDraft } from '#app/compare-draft.svelte'
import type { Stores } from '#app/stores'
import { variantsOf } from '#core/catalog'

/** Begins with the model that is loaded, else with the built-in one, on both sides. */
export function newCompareDraft({ models, locale }: Pick<Stores, 'models' | 'locale'>): CompareDraft {
  const { loaded, builtIn } = models
  const model = loaded?.model ?? builtIn
  const variant = loaded?.variant ?? variantsOf(builtIn)[0]
  return new CompareDraft({
    suggested: variant
      ? {
          modelId: model.id,
          variantId: variant.id,
          name: model.name,
          quantization: variant.quantization,
        }
      : null,
    isBuiltIn: ({ modelId }) => modelId === builtIn.id,
    systemMessage: locale.t.chat.systemMessage,
  })
}
