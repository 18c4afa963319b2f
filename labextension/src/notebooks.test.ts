import type { Contents } from '@jupyterlab/services';
import { describe, expect, it } from 'vitest';

import { locate, makeNotebook } from './notebooks';

/** Folders with the names in them; whatever is not a folder here cannot be listed. */
class Files {
  readonly listed: string[] = [];
  readonly saved: { path: string; content: unknown }[] = [];

  constructor(private readonly _folders: Record<string, string[]>) {}

  get manager(): Contents.IManager {
    return this as unknown as Contents.IManager;
  }

  get(path: string): Promise<unknown> {
    this.listed.push(path);
    const names = this._folders[path];
    return names
      ? Promise.resolve({ content: names.map(name => ({ name })) })
      : Promise.reject(new Error(`404: ${path}`));
  }

  save(path: string, { content }: { content: unknown }): Promise<unknown> {
    this.saved.push({ path, content });
    return Promise.resolve({ path });
  }
}

describe('a notebook of the curriculum', () => {
  it('is found at the top', async () => {
    const files = new Files({ '': ['home.ipynb', 'curriculum'] });
    expect(await locate(files.manager, 'home.ipynb', 'curriculum')).toBe('home.ipynb');
  });

  it('is found in the folder of the notebooks', async () => {
    const files = new Files({ '': ['work'], 'work/ml': ['home.ipynb'] });
    expect(await locate(files.manager, 'home.ipynb', 'work/ml')).toBe('work/ml/home.ipynb');
  });

  it.each(['curriculum', ''])(
    'is missed without asking for what is not there (%j)',
    async folder => {
      const files = new Files({ '': ['data.csv'] });
      expect(await locate(files.manager, 'home.ipynb', folder)).toBeNull();
      expect(files.listed).toEqual(['']);
    }
  );

  it('can be made: a notebook that opens the app, and needs no question about its kernel', async () => {
    const files = new Files({});
    const path = await makeNotebook(files.manager, 'x.ipynb', { id: 'a"b', title: 'A "B"' });
    expect(path).toBe('x.ipynb');
    expect(files.saved[0]?.content).toMatchObject({
      cells: [
        { cell_type: 'markdown' },
        { cell_type: 'code', source: 'import mlplayground\n\nmlplayground.open_app("a\\"b")' }
      ],
      metadata: { kernelspec: { name: 'python3' } },
      nbformat: 4
    });
  });

  it('can be made for home', async () => {
    const files = new Files({});
    await makeNotebook(files.manager, 'home.ipynb', null);
    expect(JSON.stringify(files.saved[0]?.content)).toContain('mlplayground.home()');
  });
});
