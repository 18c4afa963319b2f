// Title and goal of a panel; measures for how long the panel is really seen, and names the
// controls that ipywidgets leaves nameless.
const TICK_MS = 15000;
const SHARE = 0.5;

const meter = (panel, report) => {
  let inView = false, since = null, seconds = 0;
  const looking = () => inView && document.visibilityState === 'visible';
  const settle = () => {
    const now = performance.now();
    if (since !== null) seconds += (now - since) / 1000;
    since = looking() ? now : null;
  };
  const flush = send => {
    settle();
    if (seconds < 0.5) return;
    send(Math.round(seconds * 10) / 10);
    seconds = 0;
  };
  const observer = new IntersectionObserver(entries => {
    const entry = entries.at(-1);
    const height = entry.rootBounds?.height || innerHeight;
    inView = entry.isIntersecting
      && (entry.intersectionRatio >= SHARE || entry.intersectionRect.height >= 0.4 * height);
    settle();
    if (!inView) flush(report.message);
  }, { threshold: [0, 0.1, 0.25, 0.5, 0.75, 1] });
  observer.observe(panel);
  const visibility = () => {
    settle();
    if (document.visibilityState === 'hidden') flush(report.message);
  };
  const leave = () => flush(report.beacon);
  // Closing a notebook's tab in JupyterLab tells nobody, so seconds travel while they are spent.
  const timer = setInterval(() => looking() && flush(report.message), TICK_MS);
  document.addEventListener('visibilitychange', visibility);
  addEventListener('pagehide', leave);
  return () => {
    flush(report.message);
    observer.disconnect();
    clearInterval(timer);
    document.removeEventListener('visibilitychange', visibility);
    removeEventListener('pagehide', leave);
  };
};

const nameHandles = panel => {
  for (const handle of panel.querySelectorAll('.noUi-handle:not([aria-label])')) {
    const label = handle.closest('.widget-inline-hbox, .jupyter-widgets')?.querySelector('.widget-label');
    if (label?.textContent) handle.setAttribute('aria-label', label.textContent);
  }
};

const whenAttached = (el, found, signal) => {
  let frame;
  const look = () => {
    const panel = el.closest('.mlp-panel');
    if (panel && el.isConnected) found(panel);
    else frame = setTimeout(look, 100);
  };
  look();
  signal.push(() => clearTimeout(frame));
};

export default {
  render({ model, el }) {
    hear(model);
    const signal = [];
    el.classList.add('mlp-head');
    watch(model, ['title', 'goal'], () => el.replaceChildren(
      h('div', { class: 'mlp-title', role: 'heading', 'aria-level': 3 }, model.get('title')),
      model.get('goal') ? h('p', { class: 'mlp-goal' }, model.get('goal')) : null), signal);
    whenAttached(el, panel => {
      panel.setAttribute('role', 'region');
      panel.setAttribute('aria-label', model.get('title'));
      const names = new MutationObserver(() => nameHandles(panel));
      names.observe(panel, { childList: true, subtree: true });
      nameHandles(panel);
      signal.push(() => names.disconnect());
      if (!model.get('measured')) return;
      ensureXsrf();
      signal.push(meter(panel, {
        message: seconds => { try { model.send({ kind: 'seen', seconds }); } catch { /* closed */ } },
        beacon: seconds => navigator.sendBeacon(
          apiUrl(`views?_xsrf=${encodeURIComponent(xsrfToken())}`),
          new Blob([JSON.stringify({ panel: model.get('name'), seconds })], { type: 'application/json' })),
      }));
    }, signal);
    return () => signal.forEach(stop => stop());
  },
};
