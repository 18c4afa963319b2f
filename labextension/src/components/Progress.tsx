import type { App } from '../api/rest';
import * as text from '../text';
import { useAction } from './hooks';
import { Button, Problem, Section, Switch } from './parts';

/** The apps with their steps, what is done, and the locks with their key beside them. */
export function Progress(props: {
  apps: readonly App[];
  /** The app of the next step; its steps are unfolded. */
  current: string | undefined;
  openEverything: boolean;
  onOpenApp: (app: string) => void;
  onOpenEverything: (on: boolean) => Promise<void>;
}): JSX.Element {
  const { apps, current, openEverything, onOpenApp, onOpenEverything } = props;
  const { busy, problem, run } = useAction();
  const change = (on: boolean) => void run(() => onOpenEverything(on));
  return (
    <Section title={text.PROGRESS}>
      <ul className="mlp-sb-list">
        {apps.map(app => (
          <OneApp
            key={app.id}
            app={app}
            unfolded={app.id === current}
            busy={busy}
            onOpen={() => onOpenApp(app.id)}
            onUnlock={() => change(true)}
          />
        ))}
      </ul>
      <Switch label={text.OPEN_EVERYTHING} on={openEverything} disabled={busy} onChange={change}>
        <p>{text.OPEN_EVERYTHING_WHY}</p>
      </Switch>
      <Problem text={problem} />
    </Section>
  );
}

function OneApp(props: {
  app: App;
  unfolded: boolean;
  busy: boolean;
  onOpen: () => void;
  onUnlock: () => void;
}): JSX.Element {
  const { app, unfolded, busy, onOpen, onUnlock } = props;
  return (
    <li className="mlp-sb-app">
      <div className="mlp-sb-row">
        <span className="mlp-sb-strong">{app.title}</span>
        {!app.locked && (
          <Button label={text.openApp(app.title)} onClick={onOpen}>
            {text.OPEN}
          </Button>
        )}
      </div>
      <progress max={app.total || 1} value={app.done} aria-label={text.doneOf(app)} />
      {app.locked ? (
        <>
          <p className="mlp-sb-detail">{app.lock_reason}</p>
          <Button busy={busy} onClick={onUnlock}>
            {text.OPEN_EVERYTHING}
          </Button>
        </>
      ) : (
        <Steps app={app} unfolded={unfolded} />
      )}
    </li>
  );
}

function Steps(props: { app: App; unfolded: boolean }): JSX.Element {
  const { app, unfolded } = props;
  return (
    <details open={unfolded}>
      <summary>{text.doneOf(app)}</summary>
      <ol className="mlp-sb-steps">
        {app.steps.map(step => (
          <li key={step.id} className={step.done ? 'mlp-sb-done' : ''} title={step.goal}>
            <span className="mlp-sb-mark" aria-hidden="true">
              {step.done ? '✓' : ''}
            </span>
            <span className="mlp-sb-hidden">{step.done ? text.DONE : text.NOT_DONE}</span>
            {step.title}
          </li>
        ))}
      </ol>
    </details>
  );
}
