import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { HintAnswer, Preferences, State } from './api/rest';

/**
 * How things stand between this page and the server extension.
 *
 * - `loading`: nothing is known yet.
 * - `ready`: `state` is what the server said last.
 * - `offline`: the server does not answer; `state` is the last that is known, it is asked again.
 * - `failed`: the server answers but could not read the state; `problem` says why, asked again.
 * - `absent`: this server has no mlplayground extension; it is not asked again by itself.
 * - `mismatch`: the server extension is of another version; `problem` names the repair.
 */
export type Phase = 'loading' | 'ready' | 'offline' | 'failed' | 'absent' | 'mismatch';

/** What is known at one moment. Never changed: a change is another snapshot. */
export interface ISnapshot {
  readonly phase: Phase;
  /** The newest state that was read; null before the first and while the versions differ. */
  readonly state: State | null;
  /** When `state` was read. */
  readonly readAt: Date | null;
  /** One or two sentences for the learner where the phase is not `ready`, else empty. */
  readonly problem: string;
}

/** The learner's state on this page, kept up to date, and what the learner can do to it. */
export interface IMLPlaygroundModel {
  readonly snapshot: ISnapshot;
  /** Emitted after each change of `snapshot`. */
  readonly stateChanged: ISignal<IMLPlaygroundModel, ISnapshot>;
  /** Begin to read, and go on until disposed. Calling it again does nothing. */
  start(): void;
  /** Read now. Resolves when it is done, and never rejects. */
  refresh(): Promise<void>;
  /** Each of these rejects with RequestFailed, and refreshes where it succeeds. */
  setPreferences(preferences: Preferences): Promise<void>;
  answerHint(hint: string, action: HintAnswer['action']): Promise<void>;
  forget(user: string): Promise<void>;
  /** Address of the download of everything of the learner. */
  readonly exportUrl: string;
}

export const IMLPlaygroundModel = new Token<IMLPlaygroundModel>(
  '@mlplayground/labextension:IMLPlaygroundModel',
  "The learner's progress, next step and hints, and the switches of mlplayground."
);
