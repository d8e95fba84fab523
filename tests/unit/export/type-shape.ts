/**
 * What a TypeScript type and a JSON Schema say of a value, in the same words, so that the two can be compared: names
 * of simple types, literals, the elements of arrays, the members of objects, and the alternatives of unions in order.
 */
import ts from 'typescript'

export type Shape =
  | string
  | { array: Shape }
  | { members: Record<string, { optional: boolean; shape: Shape }> }
  | { any: Shape[] }

/** The shapes of exported types; members of these names are not looked into. */
export function shapesOfTypes(file: string, names: readonly string[], open: readonly string[]): Shape[] {
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    exactOptionalPropertyTypes: true,
    resolveJsonModule: true,
    noEmit: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  const symbols = names.map((name) => {
    const symbol = module && checker.getExportsOfModule(module).find((found) => found.name === name)
    if (!symbol) throw new Error(`${file} exports no ${name}`)
    return symbol
  })

  function shapeOf(type: ts.Type): Shape {
    if (type.isUnion()) return anyOf(type.types.filter((one) => !isUndefined(one)).map(shapeOf))
    if (type.isStringLiteral() || type.isNumberLiteral()) return JSON.stringify(type.value)
    if (type.flags & ts.TypeFlags.Null) return 'null'
    if (type.flags & ts.TypeFlags.BooleanLike) return 'boolean'
    if (type.flags & ts.TypeFlags.NumberLike) return 'number'
    if (type.flags & ts.TypeFlags.StringLike) return 'string'
    // A branded string is one in JSON.
    if (type.isIntersection() && type.types.some((one) => one.flags & ts.TypeFlags.String)) return 'string'
    const [element] = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference) : []
    if (element) return { array: shapeOf(element) }
    const members = checker.getPropertiesOfType(type).map((property) => {
      const shape = open.includes(property.name) ? 'open' : shapeOf(checker.getTypeOfSymbol(property))
      return [property.name, { optional: (property.flags & ts.SymbolFlags.Optional) !== 0, shape }] as const
    })
    if (members.length === 0) throw new Error(`No shape for ${checker.typeToString(type)}`)
    return { members: Object.fromEntries(members) }
  }
  return symbols.map((symbol) => shapeOf(checker.getDeclaredTypeOfSymbol(symbol)))
}

export function shapeOfType(file: string, name: string, open: readonly string[]): Shape {
  const [shape] = shapesOfTypes(file, [name], open)
  if (shape === undefined) throw new Error(`${file} exports no ${name}`)
  return shape
}

export interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  type?: string
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean
}

/** The shape that a schema allows; objects must be closed, but for members of the names that are not looked into. */
export function shapeOfSchema(root: Schema, open: readonly string[]): Shape {
  function shapeOf(schema: Schema): Shape {
    if (schema.$ref) return shapeOf(resolved(root, schema.$ref))
    if ('const' in schema) return JSON.stringify(schema.const)
    if (schema.enum) return anyOf(schema.enum.map((value) => JSON.stringify(value)))
    if (schema.anyOf) return anyOf(schema.anyOf.map(shapeOf))
    if (schema.type === 'integer') return 'number'
    if (schema.type === 'array' && schema.items) return { array: shapeOf(schema.items) }
    if (schema.type !== 'object') return schema.type ?? 'anything'
    const { properties = {}, required = [], additionalProperties } = schema
    if (additionalProperties !== false) throw new Error(`Open object: ${Object.keys(properties).join()}`)
    return {
      members: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [
          name,
          { optional: !required.includes(name), shape: open.includes(name) ? 'open' : shapeOf(property) },
        ]),
      ),
    }
  }
  return shapeOf(root)
}

export function resolved(root: Schema, ref: string): Schema {
  const found = root.$defs?.[ref.replace('#/$defs/', '')]
  if (!found) throw new Error(`No definition ${ref}`)
  return found
}

function isUndefined(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Undefined) !== 0
}

function anyOf(shapes: readonly Shape[]): Shape {
  const flat = shapes.flatMap((shape) => (typeof shape === 'object' && 'any' in shape ? shape.any : [shape]))
  const byText = new Map(flat.map((shape) => [JSON.stringify(sorted(shape)), shape]))
  const different = [...byText.entries()].sort(([left], [right]) => (left < right ? -1 : 1))
  const [only, ...others] = different.map(([, shape]) => shape)
  return only !== undefined && others.length === 0 ? only : { any: different.map(([, shape]) => shape) }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  )
}
