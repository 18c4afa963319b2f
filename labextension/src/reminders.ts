import { Notification } from '@jupyterlab/apputils';

import type { ISettings } from './settings';
import * as text from './text';
import type { IMLPlaygroundModel } from './tokens';

/** Where the learner asked for it: say that a hint came while the panel was closed. */
export function remind(
  model: IMLPlaygroundModel,
  settings: ISettings,
  panel: { isVisible: boolean },
  show: () => void
): void {
  let known: Set<string> | null = null;
  model.stateChanged.connect((_model, { state }) => {
    if (!state) {
      return;
    }
    const hints = state.hints;
    const fresh = known && hints.find(({ hint }) => !known?.has(hint));
    known = new Set(hints.map(({ hint }) => hint));
    if (fresh && settings.reminders && !panel.isVisible) {
      const actions = [{ label: text.SHOW, callback: show }];
      Notification.info(text.newHint(fresh.text), { autoClose: 10_000, actions });
    }
  });
}
