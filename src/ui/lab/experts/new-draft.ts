import { ExpertsDraft } from '#app/experts-draft.svelte'
import type { Stores } from '#app/stores'
import { variantsOf } from '#core/catalog'

/** Begins with the model that is loaded, else with the built-in one, as both experts. */
export function newExpertsDraft({ models, locale }: Pick<Stores, 'models' | 'locale'>): ExpertsDraft {
  const { loaded, builtIn } = models
  const model = loaded?.model ?? builtIn
  const variant = loaded?.variant ?? variantsOf(builtIn)[0]
  return new ExpertsDraft({
    language: locale.language,
    suggested: variant
      ? { modelId: model.id, variantId: variant.id, name: model.name, quantization: variant.quantization }
      : null,
    appVersion: __APP_VERSION__,
    newSeed: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
  })
}
