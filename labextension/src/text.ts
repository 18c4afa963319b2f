// Every sentence that this extension says, whole, with named values.
import type { App, Hint, State } from './api/rest';

export const NAME = 'mlplayground';
export const SIDEBAR = 'mlplayground: next step, hints, progress';
export const SHOW_SIDEBAR = 'Show the mlplayground panel';

// How things stand with the server
export const LOADING = 'Reading your progress…';
export const OFFLINE =
  'The Jupyter server does not answer. This is what was known last; asking again.';
export const ABSENT =
  'The server part of mlplayground does not run in this Jupyter server. Enable it with ' +
  '“jupyter server extension enable mlplayground_server”, restart the server, and reload the page.';
export const TRY_AGAIN = 'Try again';
export const RELOAD = 'Reload the page';

export function mismatch(page: string, server: string): string {
  const repair =
    compareVersions(page, server) < 0
      ? 'Reload the page. If this stays, clear the browser’s cache for it.'
      : 'Restart the Jupyter server, then reload the page.';
  return `This page has mlplayground ${page}, the server has ${server}. ${repair}`;
}

export function unexpected(error: unknown): string {
  return `The state could not be read: ${error instanceof Error ? error.message : String(error)}`;
}

export const failed = (error: unknown): string => {
  const hint = (error as { hint?: unknown }).hint;
  const message = error instanceof Error ? error.message : String(error);
  return typeof hint === 'string' && hint ? `${message} ${hint}` : message;
};

export const lastRead = (at: Date): string => `As of ${at.toLocaleTimeString()}.`;

// Header
export const stage = (name: string): string => `Stage: ${name}`;
export const OPEN_HOME = 'Home';
export const OPEN_HOME_LONG = 'Open the mlplayground home notebook';

// Next step
export const NEXT = 'Next step';
export const OPEN = 'Open';
export const openApp = (title: string): string => `Open ${title}`;
export const ALL_DONE = 'You have done every step that there is so far.';

// Hints
export const HINTS = 'Hints';
export const NO_HINTS = 'No hints right now. They come while you work, from what you do.';
export const HINTS_OFF = 'Hints need recording, and it is off.';
export const rung = (hint: Hint): string => `Hint ${hint.rung} of ${hint.rungs}`;
export const MORE = 'Show me more';
export const HELPED = 'That helped';
export const NOT_HELPFUL = 'Not helpful';
export const DISMISS = 'Dismiss';

// Progress
export const PROGRESS = 'Progress';
export const doneOf = (app: App): string => `${app.done} of ${app.total} steps done`;
export const DONE = 'Done: ';
export const NOT_DONE = 'To do: ';
export const OPEN_EVERYTHING = 'Open everything';
export const OPEN_EVERYTHING_WHY =
  'Locks are only advice on the order. With this on, every app is open at once.';

export const locked = (app: App): string =>
  `${app.title} is locked. ${app.lock_reason ?? ''}`.trim();

// Recording
export const RECORDING = 'Recording';
export const RECORD = 'Record how I work';
export const RECORD_QUESTION =
  'mlplayground notes how you work: which steps and cells ran, how long they took, which ' +
  'suggestions you took. Hints and suggestions learn from it. You decide whether it may.';
export const RECORD_YES = 'Keep it on';
export const RECORD_NO = 'Switch it off';
export const RECORD_ON =
  'Noted on your own storage: which steps and cells ran, how long they took, which suggestions ' +
  'you took. Hints and suggestions learn from it.';
export const RECORD_NEVER = 'Never noted: your code, your data’s values, what a cell printed.';
export const RECORD_OFF =
  'Nothing about how you work is noted, so there are no hints and suggestions do not learn. ' +
  'Your datasets and repairs are still kept.';
export const RECORD_FORBIDDEN =
  'Off, because DO_NOT_TRACK is set where the Jupyter server runs. It can be switched on after ' +
  'that variable is removed and the server is restarted.';

// Your data
export const DATA = 'Your data';
export const FILES = 'Files';
export const DATABASE = 'Database';
export const EXPORT = 'Export my data';
export const EXPORT_WHY = 'Downloads everything of yours as one zip.';
export const FORGET = 'Delete my data…';
export const forgetWhat = (state: State): string =>
  `This deletes every dataset, repair, result and note of ${state.user}, in ${state.home} and in ` +
  'the database. It cannot be undone. Export first if you may want any of it again.';
export const forgetType = (user: string): string => `Type ${user} to confirm`;
export const forgetNotYet = (user: string): string => `Type ${user} first.`;
export const FORGET_NOW = 'Delete everything';
export const CANCEL = 'Cancel';
export const forgotten = (user: string): string =>
  `Everything of ${user} is deleted. Notebooks that are open still hold results in memory: ` +
  'restart their kernels.';

// Notebooks
// JupyterLab cuts notifications at 140 characters.
export const notebookMissing = (name: string): string =>
  `${name} is not here. Run “mlplayground curriculum” in this folder to get it, or make a small one.`;
export const MAKE_NOTEBOOK = 'Make a small one';
export const notebookFailed = (name: string, error: unknown): string =>
  `${name} could not be opened: ${error instanceof Error ? error.message : String(error)}`;
export const OPENED_HERE = 'Run the cell below with Shift + Enter.';

// A saved notebook without kernel
export const SAVED_VIEW = 'Saved view. Run the cell to work with it.';

// Reminders
export const newHint = (text: string): string => `A hint is waiting: ${text}`;
export const SHOW = 'Show';

function compareVersions(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}
