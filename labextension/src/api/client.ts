import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { ErrorEnvelope, HintAnswer, Preferences, State } from './rest';

/** Why a request failed, as far as it changes what to do next. */
export type FailureReason = 'absent' | 'unreachable' | 'forbidden' | 'refused';

/** A request that failed; `message` and `hint` are sentences for the learner. */
export class RequestFailed extends Error {
  constructor(
    readonly reason: FailureReason,
    message: string,
    readonly hint = ''
  ) {
    super(message);
  }
}

/** The routes of the server extension, one method a route. Every method rejects with RequestFailed. */
export class Client {
  constructor(private readonly _settings: ServerConnection.ISettings) {}

  /** Everything that the sidebar shows. */
  async state(): Promise<State> {
    return (await this._request('state')) as State;
  }

  async setPreferences(preferences: Preferences): Promise<void> {
    await this._request('preferences', 'PUT', preferences);
  }

  async answerHint(hint: string, action: HintAnswer['action']): Promise<void> {
    await this._request(`hints/${encodeURIComponent(hint)}`, 'POST', { action });
  }

  /** Deletes everything of `user`, who must be the learner of this server. */
  async forget(user: string): Promise<void> {
    await this._request('forget', 'POST', { user });
  }

  /** Where the browser downloads everything of the learner, however large. */
  get exportUrl(): string {
    const { token, appendToken } = this._settings;
    const query = appendToken && token !== '' ? URLExt.objectToQueryString({ token }) : '';
    return this._url('export') + query;
  }

  private _url(path: string): string {
    return URLExt.join(this._settings.baseUrl, 'mlplayground/api', path);
  }

  private async _request(path: string, method = 'GET', body?: object): Promise<unknown> {
    const init: RequestInit = { method };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
    }
    const response = await this._send(this._url(path), init);
    const answer = await parse(response);
    if (response.ok && answer !== undefined) {
      return answer;
    }
    throw failure(response.status, answer);
  }

  private async _send(url: string, init: RequestInit): Promise<Response> {
    try {
      return await ServerConnection.makeRequest(url, init, this._settings);
    } catch {
      throw new RequestFailed('unreachable', 'The Jupyter server does not answer.');
    }
  }
}

async function parse(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined; // A page of a proxy or of Jupyter itself, not an answer of ours.
  }
}

function failure(status: number, answer: unknown): RequestFailed {
  if (isEnvelope(answer)) {
    const { message, hint } = answer.error;
    return new RequestFailed(status === 403 ? 'forbidden' : 'refused', message, hint);
  }
  if (status === 401 || status === 403) {
    return new RequestFailed(
      'forbidden',
      'You are not signed in to this server any more.',
      'Reload the page to sign in again.'
    );
  }
  if (status === 404 || status === 405) {
    return new RequestFailed('absent', 'This server has no mlplayground extension.');
  }
  return new RequestFailed(
    'unreachable',
    `The Jupyter server does not answer properly (${status}).`
  );
}

function isEnvelope(answer: unknown): answer is ErrorEnvelope {
  const error = (answer as ErrorEnvelope | undefined)?.error;
  return typeof error?.message === 'string' && typeof error.hint === 'string';
}
