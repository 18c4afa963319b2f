import type { ISignal } from '@lumino/signaling';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';

import * as text from '../text';
import type { IMLPlaygroundModel, ISnapshot } from '../tokens';

/** The model's snapshot; draws again when it changes. */
export function useSnapshot(model: IMLPlaygroundModel): ISnapshot {
  const subscribe = useCallback(
    (notify: () => void) => {
      model.stateChanged.connect(notify);
      return () => {
        model.stateChanged.disconnect(notify);
      };
    },
    [model]
  );
  return useSyncExternalStore(subscribe, () => model.snapshot);
}

/** Call `slot` whenever `signal` is emitted. */
export function useSlot(signal: ISignal<unknown, void>, slot: () => void): void {
  useEffect(() => {
    signal.connect(slot);
    return () => {
      signal.disconnect(slot);
    };
  }, [signal, slot]);
}

export interface IAction {
  /** Whether it is under way; its controls are disabled then. */
  readonly busy: boolean;
  /** What went wrong the last time, as a sentence; else empty. */
  readonly problem: string;
  /** Run it; one at a time. Resolves to whether it succeeded. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
}

/** Something that the learner does and that may fail, beside the control that does it. */
export function useAction(): IAction {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const running = useRef(false);
  const run = useCallback(async (work: () => Promise<void>) => {
    if (running.current) {
      return false;
    }
    running.current = true;
    setBusy(true);
    setProblem('');
    try {
      await work();
      return true;
    } catch (error) {
      setProblem(text.failed(error));
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  return { busy, problem, run };
}
