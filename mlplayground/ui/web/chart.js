// One chart. The library is loaded once a page: from the labextension's static folder, or, where
// that is not served, through the kernel.
const load = model => {
  const key = Symbol.for(`mlplayground.plotly@${model.get('_version')}`);
  if (!globalThis[key]) {
    const url = pageConfig().fullLabextensionsUrl;
    const file = `/@mlplayground/labextension/static/plotly-${model.get('_version')}.js`;
    const served = url ? importPlotly(new URL(url + file, location.origin).href) : Promise.reject();
    globalThis[key] = served.catch(() => fromKernel(model)).catch(error => {
      delete globalThis[key];
      throw error;
    });
  }
  return globalThis[key];
};
const importPlotly = async url => {
  await import(url);
  return globalThis.Plotly ?? Promise.reject(new Error('plotly.js did not load'));
};
const fromKernel = model => new Promise((resolve, reject) => {
  const timer = setTimeout(() => finish(reject, new Error('the kernel did not answer')), 60000);
  const finish = (settle, value) => {
    clearTimeout(timer);
    model.off('msg:custom', heard);
    settle(value);
  };
  const heard = async (message, buffers) => {
    if (message.kind !== 'library') return;
    if (!buffers?.length) return finish(reject, new Error(message.error ?? 'no library'));
    const packed = new Blob([buffers[0]]).stream().pipeThrough(new DecompressionStream('gzip'));
    const url = URL.createObjectURL(
      new Blob([await new Response(packed).blob()], { type: 'text/javascript' }));
    importPlotly(url).then(plotly => finish(resolve, plotly), error => finish(reject, error))
      .finally(() => URL.revokeObjectURL(url));
  };
  model.on('msg:custom', heard);
  model.send({ kind: 'library' });
});

// One chart at a time, with room for the page's own work between: anywidget gives a widget two
// seconds to start, and twenty charts in one go would use up those of all that come after.
const inTurn = work => {
  const key = Symbol.for('mlplayground.turn');
  const turn = (globalThis[key] ?? Promise.resolve()).then(() => new Promise(go => setTimeout(go))).then(work);
  globalThis[key] = turn.catch(() => null);
  return turn;
};
// A chart is drawn when it comes near the part of the page that is seen.
const whenNear = (el, act) => {
  const near = new IntersectionObserver(entries => {
    if (!entries.some(entry => entry.isIntersecting)) return;
    near.disconnect();
    act();
  }, { rootMargin: '800px', scrollMargin: '800px' });
  near.observe(el);
  return () => near.disconnect();
};

const theme = el => {
  const css = getComputedStyle(el);
  const value = (name, otherwise) => css.getPropertyValue(name).trim() || otherwise;
  const text = value('--jp-ui-font-color1', '#212121');
  const line = value('--jp-border-color2', '#bdbdbd');
  const axis = { color: text, gridcolor: line, linecolor: line, zerolinecolor: line };
  return {
    font: { family: value('--jp-ui-font-family', 'sans-serif'), size: 12, color: text },
    paper: 'rgba(0,0,0,0)',
    axis,
    hover: { bgcolor: value('--jp-layout-color1', '#fff'), bordercolor: line, font: { color: text } },
  };
};
// Dark and light Okabe–Ito: black cannot be seen on black.
const COLORS = ['#0072B2', '#E69F00', '#009E73', '#D55E00', '#56B4E9', '#CC79A7', '#F0E442', '#999999'];

const dressed = (figure, el, brush) => {
  const look = theme(el);
  const layout = { ...figure.layout };
  for (const name of Object.keys(layout).filter(key => /^[xy]axis\d*$/.test(key)).concat('xaxis', 'yaxis')) {
    const axis = { automargin: true, separatethousands: true, minexponent: 7, ...look.axis, ...layout[name] };
    const title = typeof axis.title === 'string' ? { text: axis.title } : axis.title;
    layout[name] = { ...axis, title: { standoff: 8, ...title, font: { size: 12, ...title?.font } } };
  }
  return {
    margin: { l: 56, r: 16, t: 16, b: 48 }, colorway: COLORS, bargap: 0.06, showlegend: false,
    ...layout,
    autosize: true, font: { ...look.font, ...layout.font }, paper_bgcolor: look.paper,
    plot_bgcolor: look.paper, hoverlabel: look.hover, dragmode: brush ? 'select' : false,
    ...(brush ? { selectdirection: layout.selectdirection ?? 'any' } : {}),
  };
};

const rowsOf = points => points.map(point =>
  Number.isInteger(point.customdata) ? point.customdata : point.pointIndex ?? point.pointNumber);

export default {
  render({ model, el }) {
    hear(model);
    const signal = [];
    el.classList.add('mlp-chart');
    const plot = h('div', { class: 'mlp-plot' });
    const status = h('p', { class: 'mlp-detail', role: 'status' });
    let Plotly = null, gone = false, listening = false, width = 0;
    const config = {
      displaylogo: false, plotlyServerURL: '', showSendToCloud: false, showEditInChartStudio: false,
      typesetMath: false, responsive: false, scrollZoom: false,
      modeBarButtonsToRemove: ['sendDataToCloud', 'editInChartStudio', 'lasso2d', 'autoScale2d', 'zoomIn2d', 'zoomOut2d'],
    };
    const frame = () => {
      plot.setAttribute('role', 'group');
      plot.setAttribute('aria-label', model.get('alt') || model.get('title') || 'Chart');
      el.replaceChildren(
        model.get('title') ? h('div', { class: 'mlp-chart-title' }, rich(model.get('title'))) : '', plot, status);
      plot.style.height = `${model.get('height')}px`;
    };
    const listen = () => {
      listening = true;
      plot.on('plotly_selected', event => event && model.send({ kind: 'selected', rows: rowsOf(event.points) }));
      plot.on('plotly_deselect', () => model.send({ kind: 'selected', rows: null }));
    };
    const draw = async () => {
      if (gone || !Plotly) return;
      const figure = JSON.parse(model.get('_figure'));
      width = plot.clientWidth;
      await Plotly.react(plot, figure.data ?? [], dressed(figure, el, model.get('brush')), config);
      if (model.get('brush') && !listening) listen();
    };
    const enqueue = () => inTurn(draw).catch(error => {
      status.textContent = `The chart cannot be drawn: ${error.message}`;
    });
    watch(model, ['title', 'alt', 'height'], frame, signal);
    const begin = async () => {
      const slow = setTimeout(() => { status.textContent = 'Loading the chart library…'; }, 500);
      try {
        Plotly = await load(model);
        status.textContent = '';
      } catch (error) {
        status.textContent = `The chart library could not be loaded (${error?.message ?? 'not found'}). Run the cell again.`;
      } finally {
        clearTimeout(slow);
      }
      if (Plotly && !gone) watch(model, ['_figure', 'brush'], enqueue, signal);
    };
    signal.push(whenNear(el, begin));
    const sizes = new ResizeObserver(([entry]) => {
      const now = entry.target.clientWidth;
      if (!plot.data || !now || now === width) return;
      width = now;
      inTurn(() => gone || !plot.data ? null : Plotly.Plots.resize(plot)).catch(() => null);
    });
    sizes.observe(plot);
    const themes = new MutationObserver(enqueue);
    themes.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-light', 'data-jp-theme-name'] });
    return () => {
      gone = true;
      sizes.disconnect();
      themes.disconnect();
      signal.forEach(stop => stop());
      Plotly?.purge(plot);
    };
  },
};
