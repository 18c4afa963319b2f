import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate } from '@lumino/disposable';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { addCommands, CommandIDs } from './commands';
import { listApps } from './launcher';
import type { Model } from './model';
import { remind } from './reminders';
import { Settings } from './settings';
import { FakeServer, makeHint, makeState, refusal } from './testing/server';

describe('the commands', () => {
  let server: FakeServer;
  let model: Model;
  let commands: CommandRegistry;
  let opened: unknown[];
  let top: string[];
  let saved: string[];

  beforeEach(() => {
    Notification.dismiss();
    server = new FakeServer();
    model = server.makeModel();
    commands = new CommandRegistry();
    [opened, saved, top] = [[], [], ['explorer.ipynb', 'home.ipynb']];
    commands.addCommand('docmanager:open', { execute: ({ path }) => opened.push(path) });
    const contents = {
      get: () => Promise.resolve({ content: top.map(name => ({ name })) }),
      save: (path: string) => Promise.resolve({ path: (saved.push(path), path) })
    };
    const app = { commands, serviceManager: { contents } } as unknown as JupyterFrontEnd;
    addCommands(app, model, new Settings());
  });

  const told = () => {
    const { notifications } = Notification.manager;
    // JupyterLab shows those without a time only behind the bell.
    expect(notifications.every(({ options }) => options.autoClose)).toBe(true);
    return notifications;
  };

  it('open an app and home', async () => {
    await model.refresh();
    await commands.execute(CommandIDs.openApp, { app: 'explorer' });
    await commands.execute(CommandIDs.openHome);
    expect(opened).toEqual(['explorer.ipynb', 'home.ipynb']);
    expect(commands.label(CommandIDs.openApp, { app: 'explorer' })).toBe('Open Explorer');
  });

  it('are off where they could do nothing', () => {
    expect(commands.isEnabled(CommandIDs.openApp, { app: 'explorer' })).toBe(false);
    expect(commands.isEnabled(CommandIDs.toggleRecording)).toBe(false);
    expect(commands.isEnabled(CommandIDs.exportData)).toBe(false);
  });

  it('say what to do where a notebook is missing, and make one if asked', async () => {
    top = [];
    await model.refresh();
    await commands.execute(CommandIDs.openApp, { app: 'explorer' });
    expect(opened).toEqual([]);
    const [missing] = Notification.manager.notifications;
    expect(missing?.message).toContain('explorer.ipynb is not here');
    expect(missing?.message.length).toBeLessThan(140); // JupyterLab cuts what is longer
    expect(missing?.options.autoClose).toBe(false); // stays until it is answered

    missing?.options.actions?.[0]?.callback(new MouseEvent('click'));
    await vi.waitFor(() => expect(opened).toEqual(['explorer.ipynb']));
    expect(saved).toEqual(['explorer.ipynb']);
  });

  it('offer the key of a locked app instead of opening it', async () => {
    const [app] = makeState().apps;
    server.state = makeState({ apps: [{ ...app, locked: true, lock_reason: 'After 80 %.' }] });
    await model.refresh();
    await commands.execute(CommandIDs.openApp, { app: 'explorer' });
    expect(opened).toEqual([]);
    expect(told()[0]?.message).toBe('Explorer is locked. After 80 %.');

    told()[0]?.options.actions?.[0]?.callback(new MouseEvent('click'));
    await vi.waitFor(() => expect(opened).toEqual(['explorer.ipynb']));
    expect(server.requests[1]?.body).toEqual({ open_everything: true });
  });

  it('toggle recording, but not against DO_NOT_TRACK', async () => {
    await model.refresh();
    expect(commands.isToggled(CommandIDs.toggleRecording)).toBe(true);
    await commands.execute(CommandIDs.toggleRecording);
    expect(server.requests[1]?.body).toEqual({ recording: false });

    server.state = makeState({ seq: 2, recording: { on: false, allowed: false, decided: true } });
    await model.refresh();
    expect(commands.isEnabled(CommandIDs.toggleRecording)).toBe(false);
  });

  it('say why where the server refuses', async () => {
    await model.refresh();
    server.answers = refusal(503, 'The database is locked.');
    await commands.execute(CommandIDs.toggleOpenEverything);
    expect(told()[0]?.message).toBe('The database is locked.');
  });

  it('are listed for each app, once, and again where the apps change', async () => {
    const tiles = new Set<unknown>();
    const add = (tile: unknown) => {
      tiles.add(tile);
      return new DisposableDelegate(() => tiles.delete(tile));
    };
    listApps(model, { add }, null);
    expect(tiles.size).toBe(0);
    await model.refresh();
    await model.refresh();
    expect([...tiles]).toMatchObject([
      { command: CommandIDs.openHome, category: 'mlplayground' },
      { command: CommandIDs.openApp, args: { app: 'explorer' }, category: 'mlplayground' }
    ]);
    server.answers = 'not at all';
    await model.refresh();
    expect(tiles.size).toBe(2);
    server.answers = 'properly';
    server.state = makeState({ seq: 2, apps: [] });
    await model.refresh();
    expect(tiles.size).toBe(1);
  });

  describe('reminders', () => {
    const bringHint = async (reminders: boolean, isVisible: boolean) => {
      const show = vi.fn();
      remind(model, { ...new Settings(), reminders } as Settings, { isVisible }, show);
      server.state = makeState({ hints: [makeHint({ hint: 'old' })] });
      await model.refresh();
      server.state = makeState({ seq: 2, hints: [makeHint(), makeHint({ hint: 'old' })] });
      await model.refresh();
      server.state = makeState({ seq: 3, hints: [makeHint({ rung: 2 })] });
      await model.refresh();
      return show;
    };

    it('tell of a new hint, once, where they are on and the panel is closed', async () => {
      const show = await bringHint(true, false);
      expect(told()).toHaveLength(1);
      expect(told()[0]?.message).toContain('When would you know that value?');
      told()[0]?.options.actions?.[0]?.callback(new MouseEvent('click'));
      expect(show).toHaveBeenCalled();
    });

    it.each([
      [false, false],
      [true, true]
    ])('are silent otherwise (on: %s, panel open: %s)', async (on, open) => {
      await bringHint(on, open);
      expect(told()).toEqual([]);
    });
  });
});
