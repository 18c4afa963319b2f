import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

const plugin: JupyterFrontEndPlugin<void> = {
  id: '@mlplayground/labextension:plugin',
  description: 'The mlplayground sidebar.',
  autoStart: true,
  activate: (_app: JupyterFrontEnd) => undefined
};

export default [plugin];
