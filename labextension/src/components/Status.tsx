import * as text from '../text';
import type { ISnapshot } from '../tokens';
import { Button } from './parts';

/** How things stand with the server, where there is something to say. */
export function Status(props: {
  snapshot: ISnapshot;
  onRetry: () => void;
  onReload: () => void;
}): JSX.Element | null {
  const { phase, problem, readAt } = props.snapshot;
  if (phase === 'ready') {
    return null;
  }
  if (phase === 'loading') {
    return (
      <p className="mlp-sb-note" role="status">
        {text.LOADING}
      </p>
    );
  }
  return (
    <div className="mlp-sb-note" role="status">
      <p>{problem}</p>
      {readAt && <p>{text.lastRead(readAt)}</p>}
      {phase === 'mismatch' ? (
        <Button onClick={props.onReload}>{text.RELOAD}</Button>
      ) : (
        <Button onClick={props.onRetry}>{text.TRY_AGAIN}</Button>
      )}
    </div>
  );
}
