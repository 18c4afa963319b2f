import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';

import type { State } from '../api/rest';
import * as text from '../text';
import { useAction } from './hooks';
import { Button, Problem } from './parts';

/** Asks for the learner's own name before anything is deleted. */
export function Forget(props: {
  state: State;
  onForget: (user: string) => Promise<void>;
  onCancel: () => void;
  onDone: () => void;
}): JSX.Element {
  const { state, onForget, onCancel, onDone } = props;
  const [typed, setTyped] = useState('');
  const { busy, problem, run } = useAction();
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => field.current?.focus(), []);
  const confirmed = typed === state.user;
  const forget = () =>
    void run(() => onForget(typed)).then(succeeded => {
      if (succeeded) {
        onDone();
      }
    });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (confirmed) {
      forget();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onCancel();
    }
  };
  return (
    <form className="mlp-sb-forget" onSubmit={onSubmit} onKeyDown={onKeyDown}>
      <p>{text.forgetWhat(state)}</p>
      <label htmlFor={id}>{text.forgetType(state.user)}</label>
      <input
        id={id}
        ref={field}
        className="mlp-sb-input"
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={event => setTyped(event.target.value)}
      />
      <div className="mlp-sb-buttons">
        <Button
          tone="danger"
          busy={busy}
          why={confirmed ? '' : text.forgetNotYet(state.user)}
          onClick={forget}
        >
          {text.FORGET_NOW}
        </Button>
        <Button onClick={onCancel}>{text.CANCEL}</Button>
      </div>
      <Problem text={problem} />
    </form>
  );
}
