import type { ISignal } from '@lumino/signaling';
import { useCallback, useRef, useState } from 'react';

import type { State } from '../api/rest';
import * as text from '../text';
import { Forget } from './Forget';
import { useSlot } from './hooks';
import { Button, Section } from './parts';

/** Where the learner's things are, and how to take or delete them. */
export function Data(props: {
  state: State;
  forgetAsked: ISignal<unknown, void>;
  onExport: () => void;
  onForget: (user: string) => Promise<void>;
}): JSX.Element {
  const { state, forgetAsked, onExport, onForget } = props;
  const [asking, setAsking] = useState(false);
  const [forgotten, setForgotten] = useState('');
  const opener = useRef<HTMLDivElement>(null);
  const ask = useCallback(() => {
    setForgotten('');
    setAsking(true);
  }, []);
  const close = useCallback((user = '') => {
    setForgotten(user);
    setAsking(false);
    opener.current?.querySelector<HTMLElement>('button:last-of-type')?.focus();
  }, []);
  useSlot(forgetAsked, ask);
  return (
    <Section title={text.DATA}>
      <dl className="mlp-sb-places">
        <dt>{text.FILES}</dt>
        <dd>{state.home}</dd>
        <dt>{text.DATABASE}</dt>
        <dd>{state.database}</dd>
      </dl>
      <div className="mlp-sb-buttons" ref={opener}>
        <Button tip={text.EXPORT_WHY} onClick={onExport}>
          {text.EXPORT}
        </Button>
        <Button onClick={ask}>{text.FORGET}</Button>
      </div>
      {asking && (
        <Forget
          state={state}
          onForget={onForget}
          onCancel={() => close()}
          onDone={() => close(state.user)}
        />
      )}
      <p role="status">{forgotten && text.forgotten(forgotten)}</p>
    </Section>
  );
}
