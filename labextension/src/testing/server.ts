import { ServerConnection } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import { Client } from '../api/client';
import { PUSHED } from '../api/events';
import type { Hint, State } from '../api/rest';
import { Model } from '../model';

export const VERSION = '1.2.3';

export function makeHint(changes: Partial<Hint> = {}): Hint {
  const hint = { hint: 'h1', rung: 1, rungs: 3, text: 'When would you know that value?' };
  return { ...hint, app: 'explorer', step: 'load', time: '2026-01-01T00:00:00Z', ...changes };
}

export function makeState(changes: Partial<State> = {}): State {
  return {
    version: VERSION,
    seq: 1,
    user: 'ada',
    home: '/home/ada/mlplayground',
    database: 'sqlite:///patterns.db',
    upload_limit: 1_000,
    recording: { on: true, allowed: true, decided: true },
    open_everything: false,
    stage: 'beginner',
    apps: [
      {
        id: 'explorer',
        title: 'Explorer',
        summary: 'Meet a dataset.',
        track: 'beginner',
        notebook: 'explorer.ipynb',
        steps: [
          { id: 'load', title: 'Load', goal: 'Bring in a table.', done: true },
          { id: 'look', title: 'Look', goal: 'See what is in it.', done: false }
        ],
        done: 1,
        total: 2,
        locked: false,
        lock_reason: null
      }
    ],
    next: {
      app: 'explorer',
      step: 'look',
      title: 'Look',
      reason: 'You have loaded penguins.',
      notebook: 'explorer.ipynb'
    },
    hints: [makeHint()],
    ...changes
  };
}

/** A Jupyter server as the client sees it: it answers, restarts, or lacks the extension. */
export class FakeServer {
  state = makeState();
  /** How it answers: properly, not at all, or with a status and a body. */
  answers: 'properly' | 'not at all' | { status: number; body: string } = 'properly';
  readonly requests: { method: string; path: string; body: unknown }[] = [];
  readonly pushes = new Signal<this, { schema_id: string; user: string; seq: number }>(this);
  readonly connectionFailure = new Signal<this, Error>(this);

  readonly settings = ServerConnection.makeSettings({
    baseUrl: 'http://localhost/user/ada/',
    fetch: async (input, init) => this._respond(new Request(input, init))
  });

  get reads(): number {
    return this.requests.filter(({ method }) => method === 'GET').length;
  }

  makeModel(): Model {
    return new Model({
      client: new Client(this.settings),
      version: VERSION,
      pushes: this.pushes,
      connectionFailure: this.connectionFailure
    });
  }

  /** Something is journalled, and the pages are told. */
  change(changes: Partial<State> = {}): void {
    const seq = this.state.seq + 1;
    this.state = { ...this.state, ...changes, seq };
    this.pushes.emit({ schema_id: PUSHED.state_changed, user: 'ada', seq });
  }

  private async _respond(request: Request): Promise<Response> {
    const { state } = this; // as it is when the request comes
    const path = new URL(request.url).pathname;
    const text = await request.text();
    const body: unknown = text ? JSON.parse(text) : undefined;
    this.requests.push({ method: request.method, path, body });
    if (this.answers === 'not at all') {
      throw new TypeError('Failed to fetch');
    }
    if (this.answers !== 'properly') {
      return new Response(this.answers.body, { status: this.answers.status });
    }
    if (!path.startsWith('/user/ada/mlplayground/api/')) {
      return new Response('<h1>Not found</h1>', { status: 404 });
    }
    const answer = request.method === 'GET' ? state : { seq: state.seq };
    return new Response(JSON.stringify(answer), { status: 200 });
  }
}

/** The error envelope of the server extension. */
export function refusal(
  status: number,
  message: string,
  hint = ''
): { status: number; body: string } {
  return { status, body: JSON.stringify({ error: { code: 'word', message, hint } }) };
}
