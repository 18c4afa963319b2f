import type { Recording as RecordingState } from '../api/rest';
import * as text from '../text';
import { useAction } from './hooks';
import { Button, Problem, Section, Switch } from './parts';

/** Whether how the learner works is noted, what that means, and the switch. */
export function Recording(props: {
  recording: RecordingState;
  onChange: (on: boolean) => Promise<void>;
}): JSX.Element {
  const { recording, onChange } = props;
  const { busy, problem, run } = useAction();
  const change = (on: boolean) => void run(() => onChange(on));
  return (
    <Section title={text.RECORDING}>
      {recording.allowed && !recording.decided ? (
        <>
          <p>{text.RECORD_QUESTION}</p>
          <p className="mlp-sb-detail">{text.RECORD_NEVER}</p>
          <div className="mlp-sb-buttons">
            <Button busy={busy} onClick={() => change(true)}>
              {text.RECORD_YES}
            </Button>
            <Button busy={busy} onClick={() => change(false)}>
              {text.RECORD_NO}
            </Button>
          </div>
        </>
      ) : (
        <Switch
          label={text.RECORD}
          on={recording.on}
          disabled={busy || !recording.allowed}
          onChange={change}
        >
          <Meaning recording={recording} />
        </Switch>
      )}
      <Problem text={problem} />
    </Section>
  );
}

function Meaning(props: { recording: RecordingState }): JSX.Element {
  const { on, allowed } = props.recording;
  if (!allowed) {
    return <p>{text.RECORD_FORBIDDEN}</p>;
  }
  return on ? (
    <>
      <p>{text.RECORD_ON}</p>
      <p>{text.RECORD_NEVER}</p>
    </>
  ) : (
    <p>{text.RECORD_OFF}</p>
  );
}
