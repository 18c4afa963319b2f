import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';

import { icon } from './icons';
import { HOME, locate, makeNotebook } from './notebooks';
import type { ISettings } from './settings';
import * as text from './text';
import type { App } from './api/rest';
import type { IMLPlaygroundModel } from './tokens';

export const CommandIDs = {
  openApp: 'mlplayground:open-app',
  openHome: 'mlplayground:open-home',
  toggleRecording: 'mlplayground:toggle-recording',
  toggleOpenEverything: 'mlplayground:toggle-open-everything',
  exportData: 'mlplayground:export-data',
  forgetData: 'mlplayground:forget-data',
  showSidebar: 'mlplayground:show-sidebar'
} as const;

// How long a notification stays up; without a time it would only wait behind the bell.
const READ_MS = 10_000;

/** Add the commands that need no sidebar. */
export function addCommands(
  app: JupyterFrontEnd,
  model: IMLPlaygroundModel,
  settings: ISettings
): void {
  addOpenCommands(app, model, settings);
  addSwitches(app, model);
  app.commands.addCommand(CommandIDs.exportData, {
    label: text.EXPORT,
    caption: text.EXPORT_WHY,
    isEnabled: () => model.snapshot.state !== null,
    execute: () => download(model.exportUrl)
  });
}

function addOpenCommands(app: JupyterFrontEnd, model: IMLPlaygroundModel, settings: ISettings) {
  const { commands, serviceManager } = app;
  const { contents } = serviceManager;
  const show = async (path: string) => {
    await commands.execute('docmanager:open', { path });
  };
  const open = async (name: string, about: App | null) => {
    try {
      const path = await locate(contents, name, settings.curriculumFolder);
      if (path !== null) {
        return await show(path);
      }
      const make = async () => show(await makeNotebook(contents, name, about));
      offerNotebook(name, make);
    } catch (error) {
      sayError(text.notebookFailed(name, error));
    }
  };
  const named = (args: { app?: unknown }) => appNamed(model, args.app);
  commands.addCommand(CommandIDs.openApp, {
    label: args => {
      const title = named(args)?.title ?? text.NAME;
      return args.tile === true ? title : text.openApp(title);
    },
    caption: args => named(args)?.summary ?? '',
    icon,
    isEnabled: args => named(args) !== undefined,
    execute: args => {
      const about = named(args);
      if (!about) {
        return;
      }
      const go = () => open(about.notebook, about);
      return about.locked ? offerKey(model, about, go) : go();
    }
  });
  commands.addCommand(CommandIDs.openHome, {
    label: args => (args.tile === true ? text.OPEN_HOME : text.OPEN_HOME_LONG),
    caption: text.OPEN_HOME_LONG,
    icon,
    execute: () => open(HOME, null)
  });
}

function addSwitches(app: JupyterFrontEnd, model: IMLPlaygroundModel) {
  const state = () => model.snapshot.state;
  app.commands.addCommand(CommandIDs.toggleRecording, {
    label: text.RECORD,
    isEnabled: () => state()?.recording.allowed === true,
    isToggled: () => state()?.recording.on === true,
    execute: () => told(model.setPreferences({ recording: !state()?.recording.on }))
  });
  app.commands.addCommand(CommandIDs.toggleOpenEverything, {
    label: text.OPEN_EVERYTHING,
    caption: text.OPEN_EVERYTHING_WHY,
    isEnabled: () => state() !== null,
    isToggled: () => state()?.open_everything === true,
    execute: () => told(model.setPreferences({ open_everything: !state()?.open_everything }))
  });
  model.stateChanged.connect(() => app.commands.notifyCommandChanged());
}

function appNamed(model: IMLPlaygroundModel, id: unknown): App | undefined {
  return model.snapshot.state?.apps.find(app => app.id === id);
}

function offerNotebook(name: string, make: () => Promise<unknown>): void {
  const failed = (error: unknown) => sayError(text.notebookFailed(name, error));
  const callback = () => void make().catch(failed);
  Notification.warning(text.notebookMissing(name), {
    autoClose: false,
    actions: [{ label: text.MAKE_NOTEBOOK, callback }]
  });
}

/** A lock is advice: say why it is there, and put the key beside it. */
function offerKey(model: IMLPlaygroundModel, app: App, open: () => Promise<void>): void {
  const callback = () => void told(model.setPreferences({ open_everything: true }).then(open));
  Notification.info(text.locked(app), {
    autoClose: READ_MS,
    actions: [{ label: text.OPEN_EVERYTHING, callback }]
  });
}

/** From the palette there is no place beside the switch, so what went wrong is a notification. */
async function told(action: Promise<void>): Promise<void> {
  try {
    await action;
  } catch (error) {
    sayError(text.failed(error));
  }
}

function sayError(message: string): void {
  Notification.error(message, { autoClose: READ_MS });
}

/** Through the browser, not through memory: an export may be larger than that. */
function download(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}
