// Title, summary and the way through the steps of an app.
export default {
  render({ model, el }) {
    hear(model);
    const signal = [];
    el.classList.add('mlp-steps');
    // The way on lies below a panel, and the next panel begins above it.
    const top = () => { if (el.getBoundingClientRect().top < 0) el.scrollIntoView({ block: 'start' }); };
    model.on('change:current', top);
    signal.push(() => model.off('change:current', top));
    const go = place => { model.set('current', place); model.save_changes(); };
    watch(model, ['title', 'summary', 'steps', 'done', 'current', 'stacked'], () => {
      const steps = model.get('steps'), done = model.get('done'), current = model.get('current');
      const had = el.contains(document.activeElement) ? document.activeElement.dataset.place : null;
      const name = place => `${place + 1}. ${steps[place]}${done[place] ? ', done' : ''}`;
      el.replaceChildren(
        h('div', { class: 'mlp-app-title', role: 'heading', 'aria-level': 2 }, model.get('title')),
        h('p', { class: 'mlp-goal' }, model.get('summary')),
        h('nav', { 'aria-label': `Steps of ${model.get('title')}` },
          h('ol', {}, steps.map((step, place) => h('li', { class: done[place] ? 'mlp-done' : '' },
            h('button', {
              type: 'button', 'data-place': place, 'aria-label': name(place),
              'aria-current': !model.get('stacked') && place === current ? 'step' : null,
              disabled: model.get('stacked'), onclick: () => go(place),
            }, h('span', { class: 'mlp-number', 'aria-hidden': 'true' }, done[place] ? '✓' : String(place + 1)),
              h('span', {}, step)))))));
      if (had !== null) el.querySelector(`[data-place="${Number(had)}"]`)?.focus({ preventScroll: true });
    }, signal);
    return () => signal.forEach(stop => stop());
  },
};
