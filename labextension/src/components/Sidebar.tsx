import type { ISignal } from '@lumino/signaling';

import type { State } from '../api/rest';
import * as text from '../text';
import type { IMLPlaygroundModel } from '../tokens';
import { Data } from './Data';
import { Hints } from './Hints';
import { useSnapshot } from './hooks';
import { NextStep } from './NextStep';
import { Button } from './parts';
import { Progress } from './Progress';
import { Recording } from './Recording';
import { Status } from './Status';

export interface ISidebarProps {
  model: IMLPlaygroundModel;
  /** Emitted when a command asks whether to delete everything. */
  forgetAsked: ISignal<unknown, void>;
  onOpenApp: (app: string) => void;
  onOpenHome: () => void;
  onExport: () => void;
  onReload: () => void;
}

/** The whole panel. It decides nothing: it shows the model's snapshot and hands on what is pressed. */
export function Sidebar(props: ISidebarProps): JSX.Element {
  const snapshot = useSnapshot(props.model);
  return (
    <div className="mlp-sb-content">
      <Status
        snapshot={snapshot}
        onRetry={() => void props.model.refresh()}
        onReload={props.onReload}
      />
      {snapshot.state && <Known {...props} state={snapshot.state} />}
    </div>
  );
}

function Known(props: ISidebarProps & { state: State }): JSX.Element {
  const { model, state, forgetAsked, onOpenApp, onOpenHome, onExport } = props;
  return (
    <>
      <div className="mlp-sb-row">
        <div className="mlp-sb-who">
          <p className="mlp-sb-strong">{state.user}</p>
          <p className="mlp-sb-detail">{text.stage(state.stage)}</p>
        </div>
        <Button tip={text.OPEN_HOME_LONG} onClick={onOpenHome}>
          {text.OPEN_HOME}
        </Button>
      </div>
      <NextStep next={state.next} onOpenApp={onOpenApp} />
      <Hints
        hints={state.hints}
        apps={state.apps}
        recording={state.recording.on}
        onAnswer={(hint, action) => model.answerHint(hint, action)}
      />
      <Progress
        apps={state.apps}
        current={state.next?.app}
        openEverything={state.open_everything}
        onOpenApp={onOpenApp}
        onOpenEverything={on => model.setPreferences({ open_everything: on })}
      />
      <Recording
        recording={state.recording}
        onChange={on => model.setPreferences({ recording: on })}
      />
      <Data
        state={state}
        forgetAsked={forgetAsked}
        onExport={onExport}
        onForget={user => model.forget(user)}
      />
    </>
  );
}
