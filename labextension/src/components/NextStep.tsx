import type { NextStep as Next } from '../api/rest';
import * as text from '../text';
import { Button, Section } from './parts';

/** The one thing to do next, and why. */
export function NextStep(props: {
  next: Next | null;
  onOpenApp: (app: string) => void;
}): JSX.Element {
  const { next, onOpenApp } = props;
  return (
    <Section title={text.NEXT}>
      {next ? (
        <>
          <p className="mlp-sb-strong">{next.title}</p>
          <p>{next.reason}</p>
          <Button
            tone="primary"
            label={text.openApp(next.title)}
            onClick={() => onOpenApp(next.app)}
          >
            {text.OPEN}
          </Button>
        </>
      ) : (
        <p>{text.ALL_DONE}</p>
      )}
    </Section>
  );
}
