import { type ReactNode, useId } from 'react';

/** A part of the panel under a heading that names it for screen readers. */
export function Section(props: { title: string; children: ReactNode }): JSX.Element {
  const id = useId();
  return (
    <section className="mlp-sb-section" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      {props.children}
    </section>
  );
}

export interface IButtonProps {
  children: ReactNode;
  onClick: () => void;
  /** One button of the panel is the thing to do next; a dangerous one says so. */
  tone?: 'primary' | 'danger';
  /** Why it cannot be pressed now: shown in its tooltip. Empty where it can. */
  why?: string;
  /** Something is under way; it cannot be pressed, and there is nothing to explain. */
  busy?: boolean;
  /** A longer name than what stands on it, and beginning with that. */
  label?: string;
  /** What it does, in its tooltip. */
  tip?: string;
}

export function Button(props: IButtonProps): JSX.Element {
  const { children, onClick, tone, why = '', busy = false, label, tip } = props;
  const off = busy || why !== '';
  // `aria-disabled` keeps it focusable, so that the reason can be read.
  return (
    <button
      type="button"
      className={`mlp-sb-button${tone ? ` mlp-sb-${tone}` : ''}`}
      aria-disabled={off}
      aria-label={label}
      title={why || tip || label}
      onClick={() => off || onClick()}
    >
      {children}
    </button>
  );
}

/** What went wrong, read at once; nothing where nothing did. */
export function Problem(props: { text: string }): JSX.Element | null {
  return props.text ? (
    <p className="mlp-sb-problem" role="alert">
      {props.text}
    </p>
  ) : null;
}

export interface ISwitchProps {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  /** What it means, below it. */
  children: ReactNode;
  disabled?: boolean;
}

export function Switch(props: ISwitchProps): JSX.Element {
  const id = useId();
  const { label, on, onChange, children, disabled = false } = props;
  return (
    <div className="mlp-sb-switch">
      <label>
        <input
          type="checkbox"
          role="switch"
          checked={on}
          disabled={disabled}
          aria-describedby={id}
          onChange={event => onChange(event.target.checked)}
        />
        {label}
      </label>
      <div id={id} className="mlp-sb-detail">
        {children}
      </div>
    </div>
  );
}

/** A sentence in which `names` stand in backticks, as our texts write them. */
export function Said(props: { text: string }): JSX.Element {
  const pieces = props.text.split('`');
  // An odd number of backticks is none of our spans: it stays as it is written.
  const spans = pieces.length % 2 === 1;
  return (
    <p className="mlp-sb-said">
      {spans
        ? pieces.map((piece, i) => (i % 2 ? <code key={i}>{piece}</code> : piece))
        : props.text}
    </p>
  );
}
