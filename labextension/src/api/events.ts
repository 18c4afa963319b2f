// Generated from mlplayground/journal/schemas and mlplayground/journal/push by `npm run generate`. Do not edit.
/* eslint-disable */

/**
 * An app was opened; which one is in the envelope
 */
export interface AppOpened {}

/**
 * A cell ran in a recorded kernel
 */
export interface CellExecuted {
  /**
   * Hash of the cell's source, salted per user
   */
  cell: string;
  /**
   * Tags of the notebook cell
   *
   * @maxItems 20
   */
  tags: string[];
  /**
   * Milliseconds it took
   */
  duration_ms: number;
  /**
   * As the kernel replied
   */
  status: 'ok' | 'error' | 'aborted';
  /**
   * Class of the error, never its message
   */
  error_class?: string;
  /**
   * How many such events this one stands for; absent means 1
   */
  count?: number;
}

/**
 * A table came into the stash
 */
export interface DatasetAdded {
  /**
   * Id of the dataset
   */
  dataset: string;
  /**
   * Number of rows
   */
  rows: number;
  /**
   * Number of columns
   */
  columns: number;
  /**
   * Size as stored
   */
  bytes: number;
  /**
   * Where it came from
   */
  origin: 'upload' | 'path' | 'sample' | 'frame' | 'recipe';
  /**
   * Dataset it was made from
   */
  parent?: string;
  /**
   * Recipe that made it
   */
  recipe?: string;
}

/**
 * An error in a cell was matched to something known
 */
export interface ErrorUnderstood {
  /**
   * Class of the error, never its message
   */
  error_class: string;
  /**
   * Hint that fits
   */
  hint?: string;
  /**
   * Position of the column, from 0
   */
  column?: number;
  /**
   * Id of the dataset
   */
  dataset?: string;
}

/**
 * The learner answered a hint
 */
export interface HintAnswered {
  /**
   * Id of the hint
   */
  hint: string;
  /**
   * What the learner did
   */
  action: 'next' | 'helped' | 'not_helpful' | 'dismissed';
}

/**
 * A hint was shown
 */
export interface HintShown {
  /**
   * Id of the hint
   */
  hint: string;
  /**
   * Rung of its ladder: 1 question, 2 pointer, 3 answer
   */
  rung: number;
  /**
   * SHA-256 of its text, which lies in the learner's stash
   */
  blob: string;
  /**
   * Id of the dataset
   */
  dataset?: string;
}

/**
 * What a suggestion that was taken turned out to be worth
 */
export interface OutcomeMeasured {
  /**
   * Id of the suggestion
   */
  suggestion: string;
  /**
   * Id of the decision, as declared in decisions.yaml
   */
  decision: string;
  /**
   * Which kind of candidate it is; what the advisor learns about
   */
  arm: string;
  /**
   * Reward by the decision's rule
   */
  reward: number;
  /**
   * Id of the rule
   */
  rule: string;
  /**
   * Version of the rule
   */
  rule_version: string;
  /**
   * What was measured, in the decision's unit
   */
  value?: number;
}

/**
 * A panel was visible in the browser
 */
export interface PanelViewed {
  /**
   * app/step of the panel
   */
  panel: string;
  /**
   * Seconds for which it was visible, to the millisecond
   */
  seconds: number;
  /**
   * How many such events this one stands for; absent means 1
   */
  count?: number;
}

/**
 * A preference was set
 */
export interface PreferenceChanged {
  /**
   * Name of the preference
   */
  name: string;
  /**
   * Its value
   */
  value: number | boolean | null;
}

/**
 * The project's dataset or target was chosen
 */
export interface ProjectChanged {
  /**
   * Id of the project
   */
  project: string;
  /**
   * Id of the dataset
   */
  dataset: string;
  /**
   * Position of the target column, null where none is chosen
   */
  target: number | null;
}

/**
 * A recipe made a new dataset from another
 */
export interface RecipeApplied {
  /**
   * Id of the recipe
   */
  recipe: string;
  /**
   * Dataset it was applied to
   */
  dataset: string;
  /**
   * Dataset that it made
   */
  result: string;
  /**
   * Names of its operations, in order
   *
   * @maxItems 1000
   */
  operations: string[];
}

/**
 * A model was trained and scored
 */
export interface RunFinished {
  /**
   * Id of the run
   */
  run: string;
  /**
   * Id of the dataset
   */
  dataset: string;
  /**
   * Id of the configuration that was tried
   */
  configuration: string;
  /**
   * Name of the metric
   */
  metric: string;
  /**
   * Validated score, in the metric's unit
   */
  score: number;
  /**
   * Score of a model that learns nothing, same split
   */
  dummy_score: number;
  /**
   * Seconds it took
   */
  seconds: number;
  /**
   * What the dataset is like: meta-feature by name
   */
  fingerprint: {
    [k: string]: number;
  };
}

/**
 * A learner began to work in a process
 */
export interface SessionStarted {
  /**
   * Version of mlplayground
   */
  mlplayground: string;
  /**
   * Version of Python
   */
  python: string;
  /**
   * Where: script, jupyter, voila …
   */
  frontend: string;
}

/**
 * A step of an app ran to its end
 */
export interface StepFinished {
  /**
   * How it ended
   */
  outcome: 'ok' | 'error' | 'cancelled';
  /**
   * Milliseconds it took
   */
  duration_ms: number;
  /**
   * Class of the error, never its message
   */
  error_class?: string;
}

/**
 * The learner took or refused a suggestion
 */
export interface SuggestionDecided {
  /**
   * Id of the suggestion
   */
  suggestion: string;
  /**
   * Id of the decision, as declared in decisions.yaml
   */
  decision: string;
  /**
   * Which kind of candidate it is; what the advisor learns about
   */
  arm: string;
  /**
   * What the learner did
   */
  action: 'accepted' | 'dismissed' | 'overridden';
  /**
   * Why it was dismissed, if the learner said
   */
  reason?: 'not_now' | 'wrong_for_my_data' | 'already_done' | 'do_not_understand' | 'other';
}

/**
 * The learner gave a suggestion a thumb
 */
export interface SuggestionRated {
  /**
   * Id of the suggestion
   */
  suggestion: string;
  /**
   * Id of the decision, as declared in decisions.yaml
   */
  decision: string;
  /**
   * Which kind of candidate it is; what the advisor learns about
   */
  arm: string;
  /**
   * -1 down, 1 up
   */
  rating: -1 | 1;
}

/**
 * Suggestions were shown together, in an order
 */
export interface SuggestionShown {
  /**
   * Id of this showing
   */
  offer: string;
  /**
   * Id of the decision, as declared in decisions.yaml
   */
  decision: string;
  /**
   * Policy that chose the order
   */
  policy: string;
  /**
   * What the choice depended on: number by name
   */
  context: {
    [k: string]: number;
  };
  /**
   * What was shown, first place first
   *
   * @maxItems 50
   */
  items: {
    /**
     * Id of the suggestion
     */
    suggestion: string;
    /**
     * Which kind of candidate it is; what the advisor learns about
     */
    arm: string;
    /**
     * Position of the column, from 0
     */
    column?: number;
    /**
     * Place in the order, from 0
     */
    place: number;
    /**
     * Probability with which the policy shows this arm at this place
     */
    propensity: number;
    /**
     * Expected worth, in the decision's unit
     */
    expected?: number;
    /**
     * Lower end of the interval
     */
    low?: number;
    /**
     * Upper end of the interval
     */
    high?: number;
  }[];
}

/**
 * A control of ours was moved, once or several times within a second
 */
export interface WidgetChanged {
  /**
   * app/step/control
   */
  role: string;
  /**
   * Name of the widget's trait
   */
  trait: string;
  /**
   * How many changes
   */
  count: number;
  /**
   * First value, if a number or boolean
   */
  first?: number | boolean | null;
  /**
   * Last value, if a number or boolean
   */
  last?: number | boolean | null;
  /**
   * Milliseconds from the first to the last change
   */
  duration_ms: number;
}

/**
 * A day's wire events of a session, rolled up by `mlplayground compact`
 */
export interface WireCompacted {
  /**
   * The day, UTC
   */
  day: string;
  /**
   * cell_executed, summed over equal cells
   */
  cells: {
    /**
     * Hash of the cell's source, salted per user
     */
    cell: string;
    /**
     * Tags of the notebook cell
     *
     * @maxItems 20
     */
    tags: string[];
    /**
     * Milliseconds in all
     */
    duration_ms: number;
    /**
     * As the kernel replied
     */
    status: 'ok' | 'error' | 'aborted';
    /**
     * Class of the error, never its message
     */
    error_class?: string;
    /**
     * App of the events
     */
    app?: string;
    /**
     * Step of the events
     */
    step?: string;
    /**
     * How many events
     */
    count: number;
    /**
     * Time of the last of them
     */
    time: string;
  }[];
  /**
   * widget_changed, summed over equal controls
   */
  widgets: {
    /**
     * app/step/control
     */
    role: string;
    /**
     * Name of the widget's trait
     */
    trait: string;
    /**
     * First value of the day
     */
    first?: number | boolean | null;
    /**
     * Last value of the day
     */
    last?: number | boolean | null;
    /**
     * Milliseconds in all
     */
    duration_ms: number;
    /**
     * App of the events
     */
    app?: string;
    /**
     * Step of the events
     */
    step?: string;
    /**
     * How many events
     */
    count: number;
    /**
     * Time of the last of them
     */
    time: string;
  }[];
  /**
   * panel_viewed, summed over equal panels
   */
  views: {
    /**
     * app/step of the panel
     */
    panel: string;
    /**
     * Seconds in all
     */
    seconds: number;
    /**
     * App of the events
     */
    app?: string;
    /**
     * Step of the events
     */
    step?: string;
    /**
     * How many events
     */
    count: number;
    /**
     * Time of the last of them
     */
    time: string;
  }[];
}

/**
 * Something that the sidebar shows has changed
 */
export interface StateChanged {
  /**
   * Whose state it is
   */
  user: string;
  /**
   * Sequence number of the newest event
   */
  seq: number;
}

/** The payload of each kind of event in the journal. */
export interface JournalPayloads {
  app_opened: AppOpened;
  cell_executed: CellExecuted;
  dataset_added: DatasetAdded;
  error_understood: ErrorUnderstood;
  hint_answered: HintAnswered;
  hint_shown: HintShown;
  outcome_measured: OutcomeMeasured;
  panel_viewed: PanelViewed;
  preference_changed: PreferenceChanged;
  project_changed: ProjectChanged;
  recipe_applied: RecipeApplied;
  run_finished: RunFinished;
  session_started: SessionStarted;
  step_finished: StepFinished;
  suggestion_decided: SuggestionDecided;
  suggestion_rated: SuggestionRated;
  suggestion_shown: SuggestionShown;
  widget_changed: WidgetChanged;
  wire_compacted: WireCompacted;
}

/** Schema ids of what the server pushes. */
export const PUSHED = {
  state_changed: 'urn:mlplayground:push:state_changed'
} as const;
