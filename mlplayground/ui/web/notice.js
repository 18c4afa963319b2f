// One thing said; the markup was escaped in Python, as in the panels.
export default {
  render({ model, el }) {
    hear(model);
    const signal = [];
    el.classList.add('mlp-alone');
    watch(model, ['_html'], () => { el.innerHTML = model.get('_html'); }, signal);
    return () => signal.forEach(stop => stop());
  },
};
