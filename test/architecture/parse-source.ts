import { type ESTree, parseSync, Visitor } from 'vite'

export interface Import {
  specifier: string
  line: number
}

interface Span {
  line: number
  lines: number
}

/** What the rules ask of one file. Lines start at 1. */
export interface Source {
  lines: number
  imports: Import[]
  functions: Span[]
  texts: { text: string; line: number }[]
  names: { name: string; line: number }[]
  environmentReads: number[]
  anys: number[]
  defaultExports: number[]
}

/** Throws when the file is not valid TypeScript. */
export function parseSource(path: string, code: string): Source {
  const { program, errors } = parseSync(path, code)
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`)
  const lineAt = lineCounter(code)
  const at = (node: { start: number }) => lineAt(node.start)
  const span = (node: { start: number; end: number }) => ({ line: at(node), lines: lineAt(node.end) - at(node) + 1 })
  const source: Source = {
    lines: code.split('\n').length - (code.endsWith('\n') ? 1 : 0),
    imports: [],
    functions: [],
    texts: [],
    names: [],
    environmentReads: [],
    anys: [],
    defaultExports: []
  }
  const addImport = (node: ESTree.Node | null) => {
    if (node?.type === 'Literal' && typeof node.value === 'string')
      source.imports.push({ specifier: node.value, line: at(node) })
  }
  const addName = (node: ESTree.Node | null | undefined) => {
    if (node?.type === 'Identifier') source.names.push({ name: node.name, line: at(node) })
  }
  new Visitor({
    ImportDeclaration: node => addImport(node.source),
    ExportAllDeclaration: node => addImport(node.source),
    ExportNamedDeclaration: node => addImport(node.source),
    ImportExpression: node => addImport(node.source),
    TSImportType: node => addImport(node.source),
    ExportDefaultDeclaration: node => source.defaultExports.push(at(node)),
    FunctionDeclaration: node => {
      source.functions.push(span(node))
      addName(node.id)
    },
    FunctionExpression: node => source.functions.push(span(node)),
    ArrowFunctionExpression: node => source.functions.push(span(node)),
    ClassDeclaration: node => addName(node.id),
    TSInterfaceDeclaration: node => addName(node.id),
    TSTypeAliasDeclaration: node => addName(node.id),
    VariableDeclarator: node => addName(node.id),
    Literal: node => {
      if (typeof node.value === 'string') source.texts.push({ text: node.value, line: at(node) })
    },
    TemplateLiteral: node => {
      source.texts.push({ text: node.quasis.map(part => part.value.raw).join(' x '), line: at(node) })
    },
    TSAnyKeyword: node => source.anys.push(at(node)),
    MemberExpression: node => {
      if (readsEnvironment(node)) source.environmentReads.push(at(node))
    },
    VariableDeclaration: node => {
      for (const { id, init } of node.declarations)
        if (id.type === 'ObjectPattern' && isProcess(init) && id.properties.some(isEnvProperty))
          source.environmentReads.push(at(node))
    }
  }).visit(program)
  return source
}

function readsEnvironment(node: ESTree.MemberExpression): boolean {
  const { property } = node
  const name = property.type === 'Identifier' ? property.name : property.type === 'Literal' ? property.value : null
  return name === 'env' && isProcess(node.object)
}

function isEnvProperty(property: ESTree.Node): boolean {
  return property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === 'env'
}

function isProcess(node: ESTree.Node | null): boolean {
  if (node?.type === 'Identifier') return node.name === 'process'
  return node?.type === 'MemberExpression' && node.property.type === 'Identifier' && node.property.name === 'process'
}

function lineCounter(code: string): (offset: number) => number {
  const starts = [0]
  for (let i = code.indexOf('\n'); i !== -1; i = code.indexOf('\n', i + 1)) starts.push(i + 1)
  return offset => {
    let low = 0
    let high = starts.length
    while (low + 1 < high) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}
