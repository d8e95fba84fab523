import { variantsOf } from '#core/catalog'
import { failure, success } from '#core/result'
import { isRewardModel, type Models } from './models.svelte'
import type { RunModels } from './run-ports'

/** The models as runs need them. */
export function runModels(models: Models): RunModels {
  return {
    async ensureLoaded({ recordId, variantId }, signal) {
      const choice = { modelId: recordId, variantId }
      const found = models.find(choice)
      if (!found) return failure({ kind: 'model-unknown' })
      if (isRewardModel(found.model)) return failure({ kind: 'only-a-reward-model' })
      const { loaded } = models
      if (loaded?.model.id === recordId && loaded.variant.id === variantId) return success(loaded.description)
      return models.load(choice, signal)
    },
    loaded: () => models.loaded?.description ?? null,
    builtIn() {
      const { builtIn } = models
      const variant = variantsOf(builtIn)[0]
      if (!variant) throw new Error('The built-in model has no variant')
      const { id, name } = builtIn
      return { recordId: id, variantId: variant.id, name, quantization: variant.quantization }
    },
  }
}
