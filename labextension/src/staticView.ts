import { MimeModel, type IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Panel } from '@lumino/widgets';

import * as text from './text';

const WIDGET_VIEW = 'application/vnd.jupyter.widget-view+json';
const RANK = -10;
const PATIENCE_MS = 800;
const OURS = 'class="mlp-static"';
const FALLBACK = 'mlp-sb-saved';

const wrapped = new WeakSet<IRenderMime.IRendererFactory>();

/**
 * Let a notebook's widget outputs of ours show their saved form until a live view comes.
 *
 * A widget whose kernel is gone says "Loading widget…" or "model not found". Our outputs carry
 * an HTML form of the same panel beside the widget's id; it is drawn into the widget's place when
 * no view has come after a moment, and goes when one comes. Nothing else is touched. The widget
 * manager puts a factory of its own into the registry when a kernel is there, so this is called
 * again then; calling it twice does nothing.
 */
export function showSavedForms(rendermime: IRenderMimeRegistry): void {
  const original = rendermime.getFactory(WIDGET_VIEW);
  if (!original || wrapped.has(original)) {
    return;
  }
  const factory: IRenderMime.IRendererFactory = {
    ...original,
    createRenderer: options =>
      withSavedForm(original.createRenderer(options) as WidgetView, rendermime)
  };
  wrapped.add(factory);
  rendermime.addFactory(factory, RANK);
}

type WidgetView = IRenderMime.IRenderer & Panel;

/** The same renderer (the widget manager looks for its class), with a patient `renderModel`. */
function withSavedForm(view: WidgetView, rendermime: IRenderMimeRegistry): WidgetView {
  const renderLive = view.renderModel.bind(view);
  let saved: SavedForm | null = null;
  view.disposed.connect(() => saved?.dispose());
  view.renderModel = model => {
    saved?.dispose();
    const html = model.data['text/html'];
    saved = isOurs(html) ? new SavedForm(view, model, rendermime) : null;
    return renderLive(model); // without a kernel this never settles, and nobody waits for it
  };
  return view;
}

function isOurs(html: unknown): boolean {
  const markup = Array.isArray(html) ? html.join('') : html;
  return typeof markup === 'string' && markup.includes(OURS);
}

class SavedForm {
  constructor(
    private readonly _view: WidgetView,
    private readonly _model: IRenderMime.IMimeModel,
    private readonly _rendermime: IRenderMimeRegistry
  ) {
    this._timer = setTimeout(() => {
      this._observer.observe(_view.node, { childList: true });
      this._settle();
    }, PATIENCE_MS);
  }

  dispose(): void {
    clearTimeout(this._timer);
    this._observer.disconnect();
    this._form?.node.remove();
    this._form?.html.dispose();
    this._form = null;
  }

  /** Draw where nothing is live, remove where something is. */
  private _settle(): void {
    const { node, widgets } = this._view;
    if (widgets.length > 0) {
      this._form?.node.remove();
    } else if (this._form?.node.parentNode !== node || node.childNodes.length > 1) {
      this._form ??= this._draw();
      node.replaceChildren(this._form.node);
    }
  }

  private _draw(): { node: HTMLElement; html: IRenderMime.IRenderer } {
    const data = { 'text/html': this._model.data['text/html'] };
    // As trusted as the output itself, so what JupyterLab cleans away stays cleaned away.
    const model = new MimeModel({ data, trusted: this._model.trusted });
    const html = this._rendermime.createRenderer('text/html');
    void html.renderModel(model);
    const node = document.createElement('div');
    node.className = FALLBACK;
    const note = document.createElement('p');
    note.textContent = text.SAVED_VIEW;
    node.append(note, html.node);
    return { node, html };
  }

  private _form: { node: HTMLElement; html: IRenderMime.IRenderer } | null = null;
  private readonly _observer = new MutationObserver(() => this._settle());
  private readonly _timer: ReturnType<typeof setTimeout>;
}
