import { MimeModel, RenderMimeRegistry, htmlRendererFactory } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Panel, Widget } from '@lumino/widgets';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { showSavedForms } from './staticView';

const VIEW = 'application/vnd.jupyter.widget-view+json';
const OURS = '<div class="mlp-static">15 zeros</div>';

/** As the widget manager's renderer behaves, in what matters here. */
class WidgetRenderer extends Panel implements IRenderMime.IRenderer {
  constructor(private readonly _outcome: 'nothing' | 'not found') {
    super();
  }

  renderModel(_model: IRenderMime.IMimeModel): Promise<void> {
    this.node.textContent = 'Loading widget...';
    if (this._outcome === 'nothing') {
      return new Promise(() => undefined);
    }
    return Promise.resolve().then(() => {
      this.node.textContent = 'Error displaying widget: model not found';
    });
  }

  /** The kernel is there, and the view with it. */
  showLive(): void {
    this.node.textContent = '';
    const live = new Widget();
    live.node.textContent = 'live';
    this.addWidget(live);
  }
}

describe('a widget output of ours', () => {
  let rendermime: RenderMimeRegistry;
  let made: WidgetRenderer[];

  const register = (outcome: 'nothing' | 'not found') =>
    rendermime.addFactory(
      {
        safe: false,
        mimeTypes: [VIEW],
        createRenderer: () => {
          const renderer = new WidgetRenderer(outcome);
          made.push(renderer);
          return renderer;
        }
      },
      -10
    );

  const render = async (html: string | string[] | undefined) => {
    const data = { [VIEW]: { model_id: 'm' }, ...(html && { 'text/html': html }) };
    const model = new MimeModel({ data, trusted: true });
    const renderer = rendermime.createRenderer(VIEW) as WidgetRenderer;
    void renderer.renderModel(model);
    await vi.advanceTimersByTimeAsync(0);
    return renderer;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    made = [];
    rendermime = new RenderMimeRegistry({ initialFactories: [htmlRendererFactory] });
  });

  afterEach(() => vi.useRealTimers());

  it.each(['nothing', 'not found'] as const)('shows its saved form (kernel: %s)', async outcome => {
    register(outcome);
    showSavedForms(rendermime);
    const { node } = await render(OURS);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(node.textContent).toContain('15 zeros');
    expect(node.textContent).toContain('Saved view');
    expect(node.textContent).not.toContain('widget');
  });

  it('shows nothing else while a live view may still come', async () => {
    register('nothing');
    showSavedForms(rendermime);
    const renderer = await render(OURS);
    await vi.advanceTimersByTimeAsync(500);
    renderer.showLive();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(renderer.node.textContent).toBe('live');
  });

  it('gives way when the live view comes late', async () => {
    register('nothing');
    showSavedForms(rendermime);
    const renderer = await render(OURS);
    await vi.advanceTimersByTimeAsync(1_000);
    renderer.showLive();
    await vi.advanceTimersByTimeAsync(0);
    expect(renderer.node.textContent).toBe('live');
  });

  it('comes back where the widget manager writes its error later', async () => {
    register('nothing');
    showSavedForms(rendermime);
    const { node } = await render(OURS);
    await vi.advanceTimersByTimeAsync(1_000);
    node.textContent = 'Error displaying widget: model not found';
    await vi.advanceTimersByTimeAsync(0);
    expect(node.textContent).toContain('15 zeros');
    expect(node.textContent).not.toContain('Error');
  });

  it('is also recognised in lines, as notebooks on disk have it', async () => {
    register('nothing');
    showSavedForms(rendermime);
    const { node } = await render(['<div class="mlp-', 'static">15 zeros</div>']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(node.textContent).toContain('15 zeros');
  });

  it('is the renderer that the widget manager made, so that it finds it again', async () => {
    register('nothing');
    showSavedForms(rendermime);
    expect(await render(OURS)).toBe(made[0]);
  });

  it('is left alone where it is not ours', async () => {
    register('nothing');
    showSavedForms(rendermime);
    for (const html of ['<div>theirs</div>', undefined]) {
      const { node } = await render(html);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(node.textContent).toBe('Loading widget...');
    }
  });

  it('keeps its saved form when the widget manager registers its own renderer', async () => {
    register('nothing');
    showSavedForms(rendermime);
    showSavedForms(rendermime);
    register('not found');
    showSavedForms(rendermime);
    const { node } = await render(OURS);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(node.textContent).toContain('15 zeros');
    expect(made).toHaveLength(1);
  });
});
