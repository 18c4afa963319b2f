import type { Contents } from '@jupyterlab/services';

import * as text from './text';

/** The notebook that a learner starts from. */
export const HOME = 'home.ipynb';

/**
 * Where a notebook of the curriculum lies, as a path of JupyterLab's, or null.
 *
 * It is looked for at the top and in `folder`. Folders are listed rather than asked for files,
 * because a file that is not there makes the browser log an error.
 */
export async function locate(
  contents: Contents.IManager,
  name: string,
  folder: string
): Promise<string | null> {
  const top = await contents.get('', { content: true });
  if (holds(top, name)) {
    return name;
  }
  const [first] = folder.split('/');
  if (!first || !holds(top, first)) {
    return null;
  }
  const inside = await contents.get(folder, { content: true });
  return holds(inside, name) ? `${folder}/${name}` : null;
}

function holds(folder: Contents.IModel, name: string): boolean {
  return ((folder.content ?? []) as Contents.IModel[]).some(item => item.name === name);
}

/** Write a notebook at the top whose one code cell opens an app, or home for null. */
export async function makeNotebook(
  contents: Contents.IManager,
  name: string,
  app: { id: string; title: string } | null
): Promise<string> {
  const call = app ? `mlplayground.open_app(${JSON.stringify(app.id)})` : 'mlplayground.home()';
  const heading = `# ${app?.title ?? text.NAME}\n\n${text.OPENED_HERE}`;
  const content = {
    cells: [
      { cell_type: 'markdown', id: 'heading', metadata: {}, source: heading },
      {
        cell_type: 'code',
        execution_count: null,
        id: 'open',
        metadata: {},
        outputs: [],
        source: `import mlplayground\n\n${call}`
      }
    ],
    metadata: {
      kernelspec: { display_name: 'Python 3 (ipykernel)', language: 'python', name: 'python3' }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
  const made = await contents.save(name, { type: 'notebook', format: 'json', content });
  return made.path;
}
