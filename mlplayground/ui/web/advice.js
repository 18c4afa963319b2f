// Suggestion cards and hints.
const REASONS = [
  ['not_now', 'Not now'],
  ['wrong_for_my_data', 'Wrong for my data'],
  ['already_done', 'Already done'],
  ['do_not_understand', 'I do not understand it'],
  ['other', 'Another reason'],
];
const THUMB_UP = 'M2 7h2.5v6.5H2zM4.5 7.5 7.5 2c1 0 1.6.8 1.4 1.8L8.5 6.5H13c.8 0 1.3.7 1.1 1.4l-1.3 4.6c-.2.6-.7 1-1.3 1H4.5';
const THUMB_DOWN = 'M14 9h-2.5V2.5H14zM11.5 8.5 8.5 14c-1 0-1.6-.8-1.4-1.8L7.5 9.5H3c-.8 0-1.3-.7-1.1-1.4l1.3-4.6c.2-.6.7-1 1.3-1h7';
const DONE = { accepted: 'Applied', dismissed: 'Set aside' };

const card = (view, state, act) => {
  const done = DONE[state.decided];
  const why = h('div', { class: 'mlp-reasons', role: 'group', 'aria-label': 'Why not', hidden: true },
    REASONS.map(([id, label]) =>
      h('button', { type: 'button', class: 'mlp-quiet', onclick: () => act('dismissed', id) }, label)));
  const whyNot = h('button', {
    type: 'button', class: 'mlp-quiet', 'aria-expanded': 'false',
    onclick: () => {
      why.hidden = !why.hidden;
      whyNot.setAttribute('aria-expanded', String(!why.hidden));
    },
  }, 'Why not…');
  const thumb = (action, path, label) => h('button', {
    type: 'button', class: 'mlp-thumb', title: label, 'aria-label': `${label}: ${view.title.replaceAll('`', '')}`,
    'aria-pressed': String(state.rated === action), onclick: () => act(action, null),
  }, icon(path));
  return h('li', { class: done ? 'mlp-card mlp-settled' : 'mlp-card' },
    h('div', { class: 'mlp-card-line' },
      h('strong', {}, rich(view.title)),
      view.gain ? h('span', { class: 'mlp-gain' }, view.gain) : null),
    view.reason ? h('p', {}, rich(view.reason)) : null,
    view.evidence ? h('p', { class: 'mlp-detail' }, rich(view.evidence)) : null,
    h('div', { class: 'mlp-actions' },
      done
        ? h('span', { class: 'mlp-detail', role: 'status' }, done)
        : [h('button', { type: 'button', class: 'mlp-do', onclick: () => act('accepted', null) }, 'Apply'),
           h('button', { type: 'button', class: 'mlp-quiet', onclick: () => act('dismissed', 'not_now') }, 'Not now'),
           whyNot],
      h('span', { class: 'mlp-push' }),
      thumb('helpful', THUMB_UP, 'Helpful'), thumb('unhelpful', THUMB_DOWN, 'Not helpful')),
    done ? null : why);
};

const hint = (view, act) => h('li', { class: 'mlp-hint' },
  h('div', { class: 'mlp-detail' }, `${view.name} · ${view.rung} of ${view.rungs}`),
  view.text.split('\n\n').map(block => h('p', {}, rich(block))),
  h('div', { class: 'mlp-actions' },
    view.rung < view.rungs
      ? h('button', { type: 'button', class: 'mlp-quiet', onclick: () => act('next') }, 'Tell me more')
      : null,
    h('button', { type: 'button', class: 'mlp-quiet', onclick: () => act('helped') }, 'That helped'),
    h('button', { type: 'button', class: 'mlp-quiet', onclick: () => act('not_helpful') }, 'It did not help'),
    h('button', { type: 'button', class: 'mlp-quiet', onclick: () => act('dismissed') }, 'Close')));

export default {
  render({ model, el }) {
    hear(model);
    const signal = [];
    el.classList.add('mlp-advice');
    watch(model, ['cards', 'hints', 'states'], () => {
      const cards = model.get('cards'), hints = model.get('hints'), states = model.get('states');
      const focused = document.activeElement?.closest('.mlp-advice') === el;
      el.replaceChildren(
        hints.length ? h('ul', { class: 'mlp-hints', 'aria-label': 'Hints' }, hints.map(view =>
          hint(view, action => model.send({ kind: 'hint', id: view.id, action })))) : '',
        cards.length ? h('div', { class: 'mlp-heading', role: 'heading', 'aria-level': 4 }, 'Suggestions') : '',
        cards.length ? h('ol', { class: 'mlp-cards', 'aria-label': 'Suggestions' }, cards.map(view =>
          card(view, states[view.id] ?? {}, (action, reason) =>
            model.send({ kind: 'card', id: view.id, action, reason })))) : '');
      // What was drawn anew took the focus with it: keyboard users go on from here.
      if (focused) { el.tabIndex = -1; el.focus({ preventScroll: true }); }
    }, signal);
    return () => signal.forEach(stop => stop());
  },
};
