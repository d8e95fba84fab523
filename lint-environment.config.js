// Set before the parser of components loads: TypeScript then reads a component as the script that the linter made of
// it, and keeps one program for all files. Without this it builds one anew for every component, which takes twice as
// long. Should a later parser drop this setting, linting is slow again and nothing else.
process.env.SVELTE_ESLINT_PARSER_EXPERIMENTAL_TS_SYS_HOOK ??= '1'
