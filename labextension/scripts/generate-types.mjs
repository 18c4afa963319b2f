// Writes src/api/rest.ts and src/api/events.ts from the schemas that the Python half validates
// with. With --check it writes nothing and fails where the committed files differ.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { compile } from 'json-schema-to-typescript';
import openapiTS, { astToString } from 'openapi-typescript';

const repository = new URL('../../', import.meta.url);
const api = new URL('../src/api/', import.meta.url);
const header = source =>
  `// Generated from ${source} by \`npm run generate\`. Do not edit.\n/* eslint-disable */\n\n`;

async function restTypes() {
  const source = 'server_ext/mlplayground_server/openapi.yaml';
  const ast = await openapiTS(new URL(source, repository), {
    rootTypes: true,
    rootTypesNoSchemaPrefix: true
  });
  return header(source) + astToString(ast);
}

async function schemasIn(folder) {
  const names = (await readdir(new URL(folder, repository))).filter(name => name.endsWith('.yaml'));
  return Promise.all(
    names.sort().map(async name => ({
      kind: basename(name, '.yaml'),
      schema: load(await readFile(new URL(folder + name, repository), 'utf8'))
    }))
  );
}

const typeName = kind => kind.replace(/(^|_)(.)/g, (_all, _gap, letter) => letter.toUpperCase());

/** The type of a kind's payload; `title` would rename it, so it becomes the description. */
async function payloadType({ kind, schema }) {
  const { $id: _id, title, 'x-class': _class, ...rest } = schema;
  const description = rest.description ?? title;
  return compile({ ...rest, description }, typeName(kind), {
    bannerComment: '',
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true }
  });
}

async function eventTypes() {
  const kinds = await schemasIn('mlplayground/journal/schemas/');
  const pushed = await schemasIn('mlplayground/journal/push/');
  const types = await Promise.all([...kinds, ...pushed].map(payloadType));
  const table = kinds.map(({ kind }) => `  ${kind}: ${typeName(kind)};`).join('\n');
  const ids = pushed.map(({ kind, schema }) => `  ${kind}: '${schema.$id}'`).join(',\n');
  return (
    header('mlplayground/journal/schemas and mlplayground/journal/push') +
    types.join('\n') +
    `\n/** The payload of each kind of event in the journal. */\nexport interface JournalPayloads {\n${table}\n}\n` +
    `\n/** Schema ids of what the server pushes. */\nexport const PUSHED = {\n${ids}\n} as const;\n`
  );
}

const check = process.argv.includes('--check');
let stale = 0;
for (const [name, make] of [
  ['rest.ts', restTypes],
  ['events.ts', eventTypes]
]) {
  const file = fileURLToPath(new URL(name, api));
  const text = await make();
  if (!check) {
    await writeFile(file, text);
  } else if (text !== (await readFile(file, 'utf8').catch(() => ''))) {
    console.error(`src/api/${name} is not what the schemas say: run \`npm run generate\`.`);
    stale += 1;
  }
}
process.exitCode = stale ? 1 : 0;
