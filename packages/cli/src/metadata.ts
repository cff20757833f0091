// SPDX-License-Identifier: MIT OR BSL-1.0
import { createRequire } from 'node:module'
import { CompileError } from './errors.js'

type TypeScript = typeof import('typescript')

function load (path: string): TypeScript {
  let found: Partial<TypeScript> | undefined
  for (const from of [path, import.meta.url]) {
    try {
      found = createRequire(from)('typescript') as Partial<TypeScript>
      // From version 7 on the compiler is a program, and not one for Node.
      if (found.transpileModule !== undefined) return found as TypeScript
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  const why = found === undefined ? '' : `, and version ${found.version ?? 'that is there'} has no compiler that Node could call`
  throw new CompileError(`${path}: emitDecoratorMetadata needs the package typescript where the program lies${why}: npm install --save-dev typescript@5`)
}

/**
 * The source with its decorators compiled, and with the types they are told about, which only TypeScript's own compiler
 * can write.
 *
 * @returns Nothing when `emitDecoratorMetadata` is not set or the source has no decorator.
 */
export function withMetadata (path: string, text: string, options: Record<string, unknown>): string | undefined {
  if (options.emitDecoratorMetadata !== true || options.experimentalDecorators !== true || !/(?:^|[\s;{}(,])@[\w$(]/.test(text)) return undefined
  const typescript = load(path)
  const { outputText, diagnostics = [] } = typescript.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      emitDecoratorMetadata: true,
      experimentalDecorators: true,
      inlineSourceMap: true,
      isolatedModules: true,
      jsx: typescript.JsxEmit.Preserve,
      module: typescript.ModuleKind.ESNext,
      target: typescript.ScriptTarget.ESNext,
      useDefineForClassFields: fieldsAreDefined(options),
      verbatimModuleSyntax: options.verbatimModuleSyntax === true
    }
  })
  const mistakes = diagnostics.filter(({ category }) => category === typescript.DiagnosticCategory.Error)
  if (mistakes.length === 0) return outputText
  throw new CompileError(mistakes.map(({ file, start, messageText }) => {
    const { line, character } = file!.getLineAndCharacterOfPosition(start ?? 0)
    return `${path}:${line + 1}:${character + 1}: ${typescript.flattenDiagnosticMessageText(messageText, '\n')}`
  }).join('\n'))
}

function fieldsAreDefined ({ useDefineForClassFields, target }: Record<string, unknown>): boolean {
  if (typeof useDefineForClassFields === 'boolean') return useDefineForClassFields
  return target === undefined || /^(es2022|es2023|es2024|es2025|esnext)$/i.test(String(target))
}
