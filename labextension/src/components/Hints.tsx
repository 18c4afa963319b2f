import type { App, Hint, HintAnswer } from '../api/rest';
import * as text from '../text';
import { useAction } from './hooks';
import { Button, Problem, Said, Section } from './parts';

export type Answer = (hint: string, action: HintAnswer['action']) => Promise<void>;

/** The hints that are open, each with its place on its ladder. */
export function Hints(props: {
  hints: readonly Hint[];
  apps: readonly App[];
  recording: boolean;
  onAnswer: Answer;
}): JSX.Element {
  const { hints, apps, recording, onAnswer } = props;
  return (
    <Section title={text.HINTS}>
      {hints.length === 0 && (
        <p className="mlp-sb-detail">{recording ? text.NO_HINTS : text.HINTS_OFF}</p>
      )}
      <ul className="mlp-sb-list" aria-live="polite">
        {hints.map(hint => (
          <OneHint key={hint.hint} hint={hint} place={placeOf(hint, apps)} onAnswer={onAnswer} />
        ))}
      </ul>
    </Section>
  );
}

function OneHint(props: { hint: Hint; place: string; onAnswer: Answer }): JSX.Element {
  const { hint, place, onAnswer } = props;
  const { busy, problem, run } = useAction();
  const answer = (action: HintAnswer['action']) => void run(() => onAnswer(hint.hint, action));
  const last = hint.rung >= hint.rungs;
  return (
    <li className="mlp-sb-hint">
      <p className="mlp-sb-detail">{[place, text.rung(hint)].filter(Boolean).join(' · ')}</p>
      <Said text={hint.text} />
      <div className="mlp-sb-buttons">
        {!last && (
          <Button busy={busy} onClick={() => answer('next')}>
            {text.MORE}
          </Button>
        )}
        <Button busy={busy} onClick={() => answer('helped')}>
          {text.HELPED}
        </Button>
        {last && (
          <Button busy={busy} onClick={() => answer('not_helpful')}>
            {text.NOT_HELPFUL}
          </Button>
        )}
        <Button busy={busy} onClick={() => answer('dismissed')}>
          {text.DISMISS}
        </Button>
      </div>
      <Problem text={problem} />
    </li>
  );
}

function placeOf(hint: Hint, apps: readonly App[]): string {
  const app = apps.find(candidate => candidate.id === hint.app);
  const step = app?.steps.find(candidate => candidate.id === hint.step);
  return step?.title ?? app?.title ?? '';
}
