import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { Client } from './api/client';
import { addCommands, CommandIDs } from './commands';
import { listApps } from './launcher';
import { Model } from './model';
import { remind } from './reminders';
import { Settings } from './settings';
import { SidebarWidget } from './sidebar';
import { showSavedForms } from './staticView';
import * as text from './text';
import { IMLPlaygroundModel } from './tokens';
import { VERSION } from './version';

const ID = '@mlplayground/labextension';
// Narrower than this the panel would leave a notebook too little room, so it waits to be opened.
const ROOMY = 1100;

/** The state. It reads nothing before somebody starts it, so in Voila it stays silent. */
const model: JupyterFrontEndPlugin<IMLPlaygroundModel> = {
  id: `${ID}:model`,
  description: 'The state of the learner, kept up to date.',
  autoStart: true,
  provides: IMLPlaygroundModel,
  activate: ({ serviceManager }: JupyterFrontEnd) =>
    new Model({
      client: new Client(serviceManager.serverSettings),
      version: VERSION,
      pushes: serviceManager.events.stream,
      connectionFailure: serviceManager.connectionFailure
    })
};

/** Panel, commands, launcher and palette; where there is no JupyterLab shell (Voila), nothing. */
const sidebar: JupyterFrontEndPlugin<void> = {
  id: `${ID}:sidebar`,
  description: 'The mlplayground panel, its commands and launcher tiles.',
  autoStart: true,
  requires: [IMLPlaygroundModel],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, ILauncher, ISettingRegistry],
  activate: async (
    app: JupyterFrontEnd,
    model: Model,
    shell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    registry: ISettingRegistry | null
  ) => {
    if (!shell) {
      return;
    }
    const settings = new Settings();
    const panel = new SidebarWidget(model, app.commands);
    const show = () => shell.activateById(panel.id);
    shell.add(panel, 'right', { rank: 100 });
    restorer?.add(panel, panel.id);
    addCommands(app, model, settings);
    addPanelCommands(app, panel, show);
    addToPalette(palette);
    listApps(model, launcher, palette);
    remind(model, settings, panel, show);
    const loaded = registry?.load(sidebar.id).then(source =>
      settings.follow(source, ({ pollSeconds }) => {
        model.interval = pollSeconds * 1000;
      })
    );
    await loaded?.catch(error => console.warn(text.failed(error)));
    model.start();
    // Not awaited: the layout is restored after all extensions are active.
    void shell.restored.then(({ fresh }) => {
      if (fresh && settings.showOnStart && window.innerWidth >= ROOMY) {
        whenFirstReady(model, show);
      }
    });
  }
};

/** A saved notebook without its kernel still shows what our panels showed. */
const savedForms: JupyterFrontEndPlugin<void> = {
  id: `${ID}:saved-forms`,
  description: 'Shows the saved form of mlplayground panels where no kernel is.',
  autoStart: true,
  optional: [INotebookTracker],
  activate: (_app: JupyterFrontEnd, tracker: INotebookTracker | null) => {
    const prepare = ({ content, sessionContext }: NotebookPanel) => {
      const wrap = () => showSavedForms(content.rendermime);
      wrap();
      // The widget manager binds its own renderers once the session is ready; be after it.
      const later = () => void setTimeout(wrap);
      void sessionContext.ready.then(later);
      sessionContext.kernelChanged.connect(later);
    };
    tracker?.forEach(prepare);
    tracker?.widgetAdded.connect((_tracker, panel) => prepare(panel));
  }
};

function addPanelCommands(app: JupyterFrontEnd, panel: SidebarWidget, show: () => void): void {
  app.commands.addCommand(CommandIDs.showSidebar, { label: text.SHOW_SIDEBAR, execute: show });
  app.commands.addCommand(CommandIDs.forgetData, {
    label: text.FORGET,
    execute: () => {
      show();
      panel.askToForget();
    }
  });
}

function addToPalette(palette: ICommandPalette | null): void {
  const { openApp: _app, openHome: _home, ...rest } = CommandIDs; // listApps adds these two
  Object.values(rest).forEach((command, index) =>
    palette?.addItem({ command, category: text.NAME, rank: 100 + index })
  );
}

/** Call `show` the first time that there is something to show. */
function whenFirstReady(model: IMLPlaygroundModel, show: () => void): void {
  const look = () => {
    if (model.snapshot.phase === 'ready') {
      model.stateChanged.disconnect(look);
      show();
    }
  };
  model.stateChanged.connect(look);
  look();
}

export { IMLPlaygroundModel } from './tokens';
export default [model, sidebar, savedForms];
