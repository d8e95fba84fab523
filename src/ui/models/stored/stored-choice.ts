import type { ModelChoice, Models } from '#app/models.svelte'
import { variantsOf } from '#core/catalog'
import type { StoredModel } from '#core/model/stored'

/** How the list of models names a stored one; null where the catalogue no longer knows it. */
export function choiceOf(models: Pick<Models, 'records'>, { id, catalog }: StoredModel): ModelChoice | null {
  for (const model of models.records) {
    for (const variant of variantsOf(model)) {
      const isIt = catalog
        ? catalog.modelId === model.id && catalog.variantId === variant.id
        : 'storedId' in variant && variant.storedId === id
      if (isIt) return { modelId: model.id, variantId: variant.id }
    }
  }
  return null
}
