import type { ICommandPalette } from '@jupyterlab/apputils';
import type { ILauncher } from '@jupyterlab/launcher';
import { DisposableSet } from '@lumino/disposable';

import { CommandIDs } from './commands';
import * as text from './text';
import type { IMLPlaygroundModel } from './tokens';

/** A tile and a palette entry for home and for each app, kept in step with the apps there are. */
export function listApps(
  model: IMLPlaygroundModel,
  launcher: ILauncher | null,
  palette: ICommandPalette | null
): void {
  let shown = '';
  let entries = new DisposableSet();
  const update = () => {
    const ids = model.snapshot.state?.apps.map(app => app.id);
    if (!ids || ids.join('\n') === shown) {
      return; // Offline the tiles stay: their notebooks may still be opened.
    }
    shown = ids.join('\n');
    entries.dispose();
    entries = new DisposableSet();
    const all = [
      { command: CommandIDs.openHome, args: {} },
      ...ids.map(app => ({ command: CommandIDs.openApp, args: { app } }))
    ];
    all.forEach(({ command, args }, rank) => {
      const tile = { command, args: { ...args, tile: true }, category: text.NAME, rank };
      const entry = { command, args, category: text.NAME, rank };
      [launcher?.add(tile), palette?.addItem(entry)].forEach(item => item && entries.add(item));
    });
  };
  model.stateChanged.connect(update);
  update();
}
