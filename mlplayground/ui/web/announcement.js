// The first-run notice: what is recorded, what never is, where it lies, and the switch.
export default {
  render({ model, el }) {
    hear(model);
    const signal = [];
    const draw = () => {
      if (!model.get('notice')) return el.replaceChildren();
      el.classList.add('mlp-alone');
      const choose = on => () => model.send({ kind: 'choice', on });
      const choice = model.get('choice');
      const said = choice === true ? 'mlplayground takes note of how you work. You can switch it off in the panel at the side.'
        : choice === false ? 'mlplayground takes no note of how you work.' : '';
      el.replaceChildren(h('section', { class: 'mlp-first', 'aria-label': 'What mlplayground takes note of' },
        h('div', { class: 'mlp-title', role: 'heading', 'aria-level': 3 }, 'mlplayground takes note of how you work'),
        choice === null ? [
          h('p', {}, 'So it can suggest what fits you and your data better, and show how far you have come. You decide whether it may.'),
          h('dl', { class: 'mlp-terms' },
            h('dt', {}, 'Noted'), h('dd', {}, 'Which cell ran and for how long, the kind of an error, which suggestion you took, how long a panel was looked at.'),
            h('dt', {}, 'Never noted'), h('dd', {}, 'Your code, what a cell printed, the values in your data.'),
            h('dt', {}, 'Where'), h('dd', {}, `Only on this machine, in ${model.get('home') || 'your own folder'}. Nothing is sent anywhere.`)),
          h('div', { class: 'mlp-actions' },
            h('button', { type: 'button', class: 'mlp-do', onclick: choose(true) }, 'Keep it on'),
            h('button', { type: 'button', class: 'mlp-quiet', onclick: choose(false) }, 'Switch it off'))]
          : [h('p', { role: 'status' }, said),
             h('div', { class: 'mlp-actions' },
               h('button', { type: 'button', class: 'mlp-quiet', onclick: choose(!choice) }, choice ? 'Switch it off' : 'Switch it on'))],
        model.get('problem') ? h('p', { role: 'alert' }, model.get('problem')) : null));
    };
    watch(model, ['notice', 'home', 'choice', 'problem'], draw, signal);
    return () => signal.forEach(stop => stop());
  },
};
