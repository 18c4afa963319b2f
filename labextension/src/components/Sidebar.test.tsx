import { Signal } from '@lumino/signaling';
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Model } from '../model';
import { FakeServer, makeHint, makeState, refusal } from '../testing/server';
import { Sidebar } from './Sidebar';

describe('the panel', () => {
  let server: FakeServer;
  let model: Model;
  const forgetAsked = new Signal<object, void>({});
  const pressed = { openApp: vi.fn(), openHome: vi.fn(), export: vi.fn(), reload: vi.fn() };

  beforeEach(() => {
    server = new FakeServer();
    model = server.makeModel();
  });

  afterEach(() => {
    cleanup();
    model.dispose();
  });

  const show = async (changes: Parameters<typeof makeState>[0] = {}) => {
    server.state = makeState(changes);
    await model.refresh();
    render(
      <Sidebar
        model={model}
        forgetAsked={forgetAsked}
        onOpenApp={pressed.openApp}
        onOpenHome={pressed.openHome}
        onExport={pressed.export}
        onReload={pressed.reload}
      />
    );
    return userEvent.setup();
  };
  const button = (name: string | RegExp) => screen.getByRole('button', { name });
  const region = (name: string) => within(screen.getByRole('region', { name }));
  const asked = () => server.requests.filter(({ method }) => method !== 'GET');

  describe('shows', () => {
    it('who I am, where my data is, what comes next and why', async () => {
      const user = await show();
      expect(screen.getByText('ada')).toBeTruthy();
      expect(region('Your data').getByText('/home/ada/mlplayground')).toBeTruthy();
      const next = region('Next step');
      expect(next.getByText('You have loaded penguins.')).toBeTruthy();
      await user.click(next.getByRole('button', { name: 'Open Look' }));
      expect(pressed.openApp).toHaveBeenCalledWith('explorer');
      await user.click(button('Home'));
      expect(pressed.openHome).toHaveBeenCalled();
    });

    it('progress, in words too', async () => {
      await show();
      const progress = region('Progress');
      expect(progress.getByRole('progressbar', { name: '1 of 2 steps done' })).toBeTruthy();
      const steps = progress.getAllByRole('listitem').map(item => item.textContent);
      expect(steps).toContain('✓Done: Load');
      expect(steps).toContain('To do: Look');
    });

    it('that all is done', async () => {
      await show({ next: null });
      expect(region('Next step').getByText(/every step that there is/)).toBeTruthy();
    });

    it('what changes on the server, without being touched', async () => {
      await show();
      const next = { ...makeState().next!, title: 'Repair' };
      server.state = makeState({ seq: 2, next });
      await act(() => model.refresh());
      expect(button('Open Repair')).toBeTruthy();
    });

    it('names from a learner as text', async () => {
      const evil = '<img src=x onerror="alert(1)">';
      await show({ user: evil, hints: [makeHint({ text: evil })] });
      expect(document.querySelector('img')).toBeNull();
      expect(screen.getAllByText(evil)).toHaveLength(2);
    });
  });

  describe('where the server is not well', () => {
    it('says so in one note, and nothing else, where the extension is absent', async () => {
      server.answers = { status: 404, body: 'Not found' };
      const user = await show();
      expect(screen.getByRole('status').textContent).toContain('server part of mlplayground');
      expect(screen.queryAllByRole('region')).toEqual([]);
      server.answers = 'properly';
      await user.click(button('Try again'));
      await waitFor(() => expect(screen.getByText('ada')).toBeTruthy());
    });

    it('names the repair where the versions differ', async () => {
      const user = await show({ version: '0.0.1' });
      expect(screen.getByRole('status').textContent).toContain('Restart the Jupyter server');
      await user.click(button('Reload the page'));
      expect(pressed.reload).toHaveBeenCalled();
    });

    it('keeps showing what was known while the server restarts', async () => {
      await show();
      server.answers = 'not at all';
      await act(() => model.refresh());
      expect(screen.getByText(/does not answer/)).toBeTruthy();
      expect(screen.getByText(/As of/)).toBeTruthy();
      expect(region('Next step').getByText('Look')).toBeTruthy();
      server.answers = 'properly';
      await act(() => model.refresh());
      expect(screen.queryByText(/does not answer/)).toBeNull();
    });
  });

  describe('a hint', () => {
    it('climbs its ladder one rung at a time, and the last rung ends it', async () => {
      const user = await show();
      const hints = region('Hints');
      expect(hints.getByText('Load · Hint 1 of 3')).toBeTruthy();
      expect(hints.queryByRole('button', { name: 'Not helpful' })).toBeNull();

      server.state = makeState({ seq: 2, hints: [makeHint({ rung: 3, text: 'Remove it.' })] });
      await user.click(button('Show me more'));
      expect(asked()[0]).toMatchObject({
        path: '/user/ada/mlplayground/api/hints/h1',
        body: { action: 'next' }
      });
      expect(hints.getByText('Remove it.')).toBeTruthy();
      expect(hints.queryByRole('button', { name: 'Show me more' })).toBeNull();

      server.state = makeState({ seq: 3, hints: [] });
      await user.click(button('Not helpful'));
      expect(asked()[1]?.body).toEqual({ action: 'not_helpful' });
      expect(hints.getByText(/No hints right now/)).toBeTruthy();
    });

    it.each([
      ['That helped', 'helped'],
      ['Dismiss', 'dismissed']
    ])('is answered by %s', async (name, action) => {
      const user = await show();
      await user.click(button(name));
      expect(asked()[0]?.body).toEqual({ action });
    });

    it('stays, with the reason, where the answer could not be kept', async () => {
      const user = await show();
      server.answers = refusal(503, 'The database is locked.', 'Try again in a moment.');
      await user.click(button('Dismiss'));
      const alert = region('Hints').getByRole('alert');
      expect(alert.textContent).toBe('The database is locked. Try again in a moment.');
      server.answers = 'properly';
      await user.click(button('Dismiss'));
      expect(screen.queryByRole('alert')).toBeNull();
    });

    it('sets names apart, and only them', async () => {
      const texts = ['Look at `fare`.', 'A ` alone', '`<b>`'];
      await show({ hints: texts.map(text => makeHint({ hint: text, text })) });
      const set = [...document.querySelectorAll('code')].map(code => code.textContent);
      expect(set).toEqual(['fare', '<b>']);
      expect(screen.getByText('A ` alone')).toBeTruthy();
    });

    it('is read out when it comes', async () => {
      await show({ hints: [] });
      expect(region('Hints').getByRole('list').getAttribute('aria-live')).toBe('polite');
    });

    it('cannot come while nothing is recorded, which is said', async () => {
      await show({ hints: [], recording: { on: false, allowed: true, decided: true } });
      expect(region('Hints').getByText(/need recording/)).toBeTruthy();
    });
  });

  describe('recording', () => {
    it('is switched, and says what it means', async () => {
      const user = await show();
      const control = screen.getByRole('switch', { name: 'Record how I work' });
      expect(control).toHaveProperty('checked', true);
      const meaning = document.getElementById(control.getAttribute('aria-describedby') ?? '');
      expect(meaning?.textContent).toContain('Never noted: your code');

      const off = { on: false, allowed: true, decided: true };
      server.state = makeState({ seq: 2, recording: off });
      await user.click(control);
      expect(asked()[0]?.body).toEqual({ recording: false });
      expect(screen.getByText(/Nothing about how you work is noted/)).toBeTruthy();
    });

    it('is off for good where DO_NOT_TRACK says so', async () => {
      const user = await show({ recording: { on: false, allowed: false, decided: false } });
      const control = screen.getByRole('switch', { name: 'Record how I work' });
      await user.click(control);
      expect(asked()).toEqual([]);
      expect(screen.getByText(/DO_NOT_TRACK/)).toBeTruthy();
    });

    it('asks for a decision before there is one', async () => {
      const user = await show({ recording: { on: false, allowed: true, decided: false } });
      expect(screen.queryByRole('switch', { name: 'Record how I work' })).toBeNull();
      await user.click(region('Recording').getByRole('button', { name: 'Switch it off' }));
      expect(asked()[0]?.body).toEqual({ recording: false });
    });
  });

  it('puts the reason and the key beside each lock', async () => {
    const [app] = makeState().apps;
    const locked = { ...app, id: 'lab', title: 'Lab', locked: true, lock_reason: 'After 80 %.' };
    const user = await show({ apps: [locked] });
    const progress = region('Progress');
    expect(progress.getByText('After 80 %.')).toBeTruthy();
    expect(progress.queryByRole('button', { name: 'Open Lab' })).toBeNull();
    server.state = makeState({ seq: 2, open_everything: true });
    await user.click(progress.getByRole('button', { name: 'Open everything' }));
    expect(asked()[0]?.body).toEqual({ open_everything: true });
    expect(screen.getByRole('switch', { name: 'Open everything' })).toHaveProperty('checked', true);
  });

  describe('deleting everything', () => {
    const field = () => screen.getByRole('textbox', { name: 'Type ada to confirm' });

    it('happens only when the name is typed exactly', async () => {
      const user = await show();
      await user.click(button('Delete my data…'));
      expect(document.activeElement).toBe(field());
      for (const wrong of ['Ada', 'ad', ' ada']) {
        await user.clear(field());
        await user.type(field(), `${wrong}{Enter}`);
        await user.click(button('Delete everything'));
      }
      expect(asked()).toEqual([]);
      expect(button('Delete everything').title).toBe('Type ada first.');

      await user.clear(field());
      await user.type(field(), 'ada');
      await user.click(button('Delete everything'));
      expect(asked()).toMatchObject([
        { path: '/user/ada/mlplayground/api/forget', body: { user: 'ada' } }
      ]);
      expect(screen.queryByRole('textbox')).toBeNull();
      expect(screen.getByText(/Everything of ada is deleted/)).toBeTruthy();
    });

    it('is called off with Escape, and the focus goes back', async () => {
      const user = await show();
      await user.click(button('Delete my data…'));
      await user.type(field(), 'ada{Escape}');
      expect(screen.queryByRole('textbox')).toBeNull();
      expect(asked()).toEqual([]);
      expect(document.activeElement).toBe(button('Delete my data…'));
    });

    it('says why it failed, and keeps the question open', async () => {
      const user = await show();
      act(() => forgetAsked.emit()); // the command palette asks
      await user.type(field(), 'ada');
      server.answers = refusal(507, 'The stash is read-only.');
      await user.click(button('Delete everything'));
      expect(screen.getByRole('alert').textContent).toBe('The stash is read-only.');
      expect(field()).toBeTruthy();
    });
  });

  it('is exported on request', async () => {
    const user = await show();
    await user.click(button('Export my data'));
    expect(pressed.export).toHaveBeenCalled();
  });
});
