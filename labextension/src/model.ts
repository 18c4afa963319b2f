import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { type Client, RequestFailed } from './api/client';
import { PUSHED, type StateChanged } from './api/events';
import type { HintAnswer, Preferences, State } from './api/rest';
import * as text from './text';
import type { IMLPlaygroundModel, ISnapshot } from './tokens';

/** What the server pushes, as JupyterLab's event manager hands it on. */
export type PushStream = ISignal<unknown, { schema_id?: unknown; [name: string]: unknown }>;

const BURST_MS = 150;
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 30_000;
const QUIET_GROWTH_MAX = 4;

/**
 * Reads the state when the server says that it changed, and now and then besides.
 *
 * The event stream reconnects by itself after a restart of the server, but repeats nothing and
 * says nothing; so the state is also read at an interval, which grows while nothing changes, when
 * the page comes into view again, and when JupyterLab notices that the connection is lost.
 * One read is under way at a time. Nothing is read while the page is hidden.
 */
export class Model implements IMLPlaygroundModel, IDisposable {
  constructor(options: Model.IOptions) {
    this._client = options.client;
    this._version = options.version;
    options.pushes.connect(this._onPush);
    options.connectionFailure.connect(this._onConnectionFailure);
    this._stop = () => {
      options.pushes.disconnect(this._onPush);
      options.connectionFailure.disconnect(this._onConnectionFailure);
    };
  }

  get snapshot(): ISnapshot {
    return this._snapshot;
  }

  get stateChanged(): ISignal<this, ISnapshot> {
    return this._stateChanged;
  }

  get exportUrl(): string {
    return this._client.exportUrl;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Milliseconds between two reads while nothing happens, at first. */
  set interval(milliseconds: number) {
    this._interval = milliseconds;
  }

  dispose(): void {
    this._isDisposed = true;
    this._stop();
    clearTimeout(this._timer);
    document.removeEventListener('visibilitychange', this._onVisibility);
    Signal.clearData(this);
  }

  start(): void {
    if (!this._started) {
      this._started = true;
      document.addEventListener('visibilitychange', this._onVisibility);
      void this.refresh();
    }
  }

  refresh(): Promise<void> {
    if (this._reading) {
      this._again = true; // What is being read may be older than what the caller wants to see.
      return this._reading;
    }
    this._reading = this._readUntilFresh().finally(() => {
      this._reading = null;
      this._plan(this._pushed ? BURST_MS : this._nextDelay());
    });
    return this._reading;
  }

  async setPreferences(preferences: Preferences): Promise<void> {
    await this._client.setPreferences(preferences);
    await this.refresh();
  }

  async answerHint(hint: string, action: HintAnswer['action']): Promise<void> {
    await this._client.answerHint(hint, action);
    await this.refresh();
  }

  async forget(user: string): Promise<void> {
    await this._client.forget(user);
    await this.refresh();
  }

  private async _readUntilFresh(): Promise<void> {
    do {
      this._again = false;
      this._pushed = false;
      this._take(await this._read());
    } while (this._again && !this._isDisposed);
  }

  private async _read(): Promise<ISnapshot> {
    try {
      return this._understand(await this._client.state());
    } catch (error) {
      return this._excuse(error);
    }
  }

  private _understand(state: State): ISnapshot {
    if (state.version !== this._version) {
      const problem = text.mismatch(this._version, String(state.version));
      return { phase: 'mismatch', state: null, readAt: null, problem };
    }
    return { phase: 'ready', state, readAt: new Date(), problem: '' };
  }

  private _excuse(error: unknown): ISnapshot {
    const { state, readAt } = this._snapshot;
    if (!(error instanceof RequestFailed)) {
      return { phase: 'failed', state, readAt, problem: text.unexpected(error) };
    }
    // Behind a proxy a server that restarts looks absent for a while; one that was there is not.
    if (error.reason === 'unreachable' || (error.reason === 'absent' && state)) {
      return { phase: 'offline', state, readAt, problem: text.OFFLINE };
    }
    if (error.reason === 'absent') {
      return { phase: 'absent', state: null, readAt: null, problem: text.ABSENT };
    }
    const problem = [error.message, error.hint].filter(Boolean).join(' ');
    return { phase: 'failed', state, readAt, problem };
  }

  private _take(next: ISnapshot): void {
    if (this._isDisposed) {
      return;
    }
    const last = this._snapshot;
    const settled = next.phase === 'ready' || next.phase === 'mismatch';
    this._failures = settled ? 0 : this._failures + 1;
    this._quiet = settled && last.state?.seq === next.state?.seq ? this._quiet + 1 : 0;
    this._snapshot = next;
    this._stateChanged.emit(next);
  }

  private _nextDelay(): number {
    if (this._snapshot.phase === 'absent') {
      return Infinity;
    }
    if (this._failures > 0) {
      return Math.min(RETRY_MS * 2 ** (this._failures - 1), RETRY_MAX_MS);
    }
    return this._interval * Math.min(2 ** this._quiet, QUIET_GROWTH_MAX);
  }

  private _plan(milliseconds: number): void {
    clearTimeout(this._timer);
    if (this._started && !this._isDisposed && milliseconds !== Infinity) {
      this._timer = setTimeout(this._onTime, milliseconds);
    }
  }

  private readonly _onTime = () => {
    // A hidden page waits; `_onVisibility` reads when it is looked at again.
    if (!document.hidden) {
      void this.refresh();
    }
  };

  private readonly _onVisibility = () => {
    if (!document.hidden && this._snapshot.phase !== 'absent') {
      void this.refresh();
    }
  };

  private readonly _onPush = (_stream: unknown, event: { schema_id?: unknown }) => {
    if (event.schema_id !== PUSHED.state_changed || !this._started) {
      return;
    }
    const { seq } = event as unknown as StateChanged;
    // Events come in bursts: one read for all, a moment after the first of them.
    if (!this._pushed && seq !== this._snapshot.state?.seq) {
      this._pushed = true;
      if (!this._reading) {
        this._plan(BURST_MS);
      }
    }
  };

  private readonly _onConnectionFailure = () => {
    if (this._started && this._snapshot.phase === 'ready') {
      void this.refresh();
    }
  };

  private readonly _client: Client;
  private readonly _version: string;
  private readonly _stop: () => void;
  private readonly _stateChanged = new Signal<this, ISnapshot>(this);
  private _snapshot: ISnapshot = { phase: 'loading', state: null, readAt: null, problem: '' };
  private _interval = 15_000;
  private _started = false;
  private _isDisposed = false;
  private _reading: Promise<void> | null = null;
  private _again = false;
  private _pushed = false;
  private _failures = 0;
  private _quiet = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

export namespace Model {
  export interface IOptions {
    client: Client;
    /** The version that the server extension must have. */
    version: string;
    /** JupyterLab's event stream. */
    pushes: PushStream;
    /** Emitted when JupyterLab could not reach the server. */
    connectionFailure: ISignal<unknown, unknown>;
  }
}
