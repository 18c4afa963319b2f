import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { RequestFailed } from './api/client';
import type { Model } from './model';
import { FakeServer, makeState, refusal } from './testing/server';

const NOT_FOUND = { status: 404, body: '<html>Not found</html>' };

describe('the model', () => {
  let server: FakeServer;
  let model: Model;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new FakeServer();
    model = server.makeModel();
  });

  afterEach(() => {
    model.dispose();
    vi.useRealTimers();
    hide(false);
  });

  const start = async () => {
    model.start();
    await vi.advanceTimersByTimeAsync(0);
  };

  it('asks nothing before it is started', async () => {
    server.change();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.requests).toEqual([]);
  });

  it('reads the state below the base URL', async () => {
    await start();
    expect(server.requests[0]?.path).toBe('/user/ada/mlplayground/api/state');
    expect(model.snapshot).toMatchObject({ phase: 'ready', problem: '', state: { user: 'ada' } });
  });

  it('reads once for a burst of pushes, and well within a second', async () => {
    await start();
    for (let i = 0; i < 50; i++) {
      server.change();
    }
    await vi.advanceTimersByTimeAsync(500);
    expect(model.snapshot.state?.seq).toBe(51);
    expect(server.reads).toBe(2);
  });

  it('is not put off by pushes that never end', async () => {
    await start();
    for (let i = 0; i < 20; i++) {
      server.change();
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(model.snapshot.state?.seq).toBeGreaterThan(15);
    expect(server.reads).toBeLessThan(10);
  });

  it('leaves pushes of others alone, and what it has read already', async () => {
    await start();
    server.pushes.emit({ schema_id: 'https://events.jupyter.org/other', user: 'ada', seq: 9 });
    server.pushes.emit({ schema_id: 'urn:mlplayground:push:state_changed', user: 'ada', seq: 1 });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.reads).toBe(1);
  });

  it('survives a restart: keeps what it knows, asks more and more rarely, reads anew', async () => {
    await start();
    server.answers = 'not at all';
    await model.refresh();
    expect(model.snapshot).toMatchObject({ phase: 'offline', state: { seq: 1 } });
    expect(model.snapshot.problem).toContain('does not answer');

    await vi.advanceTimersByTimeAsync(10_000);
    const before = server.reads;
    expect(before).toBe(2 + 3); // after 1, 3 and 7 seconds
    server.answers = 'properly';
    server.state = makeState({ seq: 8 }); // no push: it happened while nobody listened
    await vi.advanceTimersByTimeAsync(8_000);
    expect(model.snapshot).toMatchObject({ phase: 'ready', problem: '', state: { seq: 8 } });
  });

  it('asks at once when JupyterLab notices that the connection is lost', async () => {
    await start();
    server.answers = 'not at all';
    server.connectionFailure.emit(new Error('lost'));
    await vi.advanceTimersByTimeAsync(0);
    expect(model.snapshot.phase).toBe('offline');
  });

  it('takes the 404 or 503 of a proxy during a restart for a restart', async () => {
    await start();
    for (const status of [404, 503, 424]) {
      server.answers = { status, body: '<html>hub</html>' };
      await model.refresh();
      expect(model.snapshot).toMatchObject({ phase: 'offline', state: { user: 'ada' } });
    }
  });

  it('asks a server without the extension once, until it is told to', async () => {
    server.answers = NOT_FOUND;
    await start();
    expect(model.snapshot).toMatchObject({ phase: 'absent', state: null });
    server.connectionFailure.emit(new Error('lost'));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.reads).toBe(1);

    server.answers = 'properly';
    await model.refresh();
    expect(model.snapshot.phase).toBe('ready');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.reads).toBeGreaterThan(2);
  });

  it.each([
    ['1.2.2', 'Restart the Jupyter server'],
    ['1.10.0', 'Reload the page']
  ])('names the repair where the server has version %s', async (version, repair) => {
    server.state = makeState({ version });
    await start();
    expect(model.snapshot).toMatchObject({ phase: 'mismatch', state: null });
    expect(model.snapshot.problem).toContain(version);
    expect(model.snapshot.problem).toContain(repair);

    server.state = makeState(); // upgraded and restarted
    await vi.advanceTimersByTimeAsync(60_000);
    expect(model.snapshot.phase).toBe('ready');
  });

  it('says why where the server cannot read the state, and goes on asking', async () => {
    await start();
    server.answers = refusal(503, 'The database is locked.', 'Try again in a moment.');
    await model.refresh();
    expect(model.snapshot).toMatchObject({
      phase: 'failed',
      problem: 'The database is locked. Try again in a moment.',
      state: { seq: 1 }
    });
    server.answers = 'properly';
    await vi.advanceTimersByTimeAsync(1_000);
    expect(model.snapshot.phase).toBe('ready');
  });

  it('says how to sign in again', async () => {
    await start();
    server.answers = { status: 403, body: 'Forbidden' };
    await model.refresh();
    expect(model.snapshot.problem).toContain('Reload the page to sign in again');
  });

  it('looks more and more rarely while nothing happens, and as before when something does', async () => {
    model.interval = 10_000;
    await start();
    await vi.advanceTimersByTimeAsync(10_000 + 20_000 + 40_000 + 40_000);
    expect(server.reads).toBe(5);
    server.change();
    await vi.advanceTimersByTimeAsync(200 + 10_000);
    expect(server.reads).toBe(7);
  });

  it('rests while the page is hidden, and reads when it is looked at again', async () => {
    await start();
    hide(true);
    server.change();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.reads).toBe(1);
    hide(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(model.snapshot.state?.seq).toBe(2);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(server.reads).toBe(3); // and goes on
  });

  it('shows what an action did when the action is done', async () => {
    await start();
    server.state = makeState({ seq: 2, open_everything: true });
    await model.setPreferences({ open_everything: true });
    expect(server.requests[1]).toMatchObject({
      method: 'PUT',
      path: '/user/ada/mlplayground/api/preferences',
      body: { open_everything: true }
    });
    expect(model.snapshot.state?.open_everything).toBe(true);
  });

  it('reads again where an action ends during a read that began before it', async () => {
    await start();
    const reading = model.refresh();
    server.state = makeState({ seq: 2 });
    await Promise.all([reading, model.refresh()]);
    expect(model.snapshot.state?.seq).toBe(2);
  });

  it('reads again soon where the push came during a read', async () => {
    await start();
    const reading = model.refresh();
    server.change();
    await reading;
    expect(model.snapshot.state?.seq).toBe(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(model.snapshot.state?.seq).toBe(2);
  });

  it('hands on why an action was refused, and escapes ids in addresses', async () => {
    await start();
    server.answers = refusal(404, 'There is no such hint.');
    const answered = model.answerHint('a/../b', 'next');
    await expect(answered).rejects.toThrowError(
      new RequestFailed('refused', 'There is no such hint.')
    );
    expect(server.requests[1]?.path).toBe('/user/ada/mlplayground/api/hints/a%2F..%2Fb');
  });

  it('stops when it is disposed', async () => {
    await start();
    model.dispose();
    server.change();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.reads).toBe(1);
  });
});

function hide(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}
