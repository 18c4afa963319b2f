// "Show code": the plain code that does the same, with a copy button.
const copy = async (text, pre) => {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied';
  } catch {
    // No clipboard without HTTPS, as under many hubs: select the text, so that Ctrl+C works.
    getSelection().selectAllChildren(pre);
    return document.execCommand('copy') ? 'Copied' : 'Selected: press Ctrl+C';
  }
};

export default {
  render({ model, el }) {
    hear(model);
    const signal = [];
    el.classList.add('mlp-code');
    let open = false;
    watch(model, ['source'], () => {
      const source = model.get('source');
      if (!source) return el.replaceChildren();
      const pre = h('pre', { tabindex: 0, role: 'region', 'aria-label': 'Code that does the same' }, h('code', {}, source));
      const said = h('span', { role: 'status', class: 'mlp-detail' });
      const button = h('button', {
        type: 'button', class: 'mlp-quiet', onclick: async () => { said.textContent = await copy(source, pre); },
      }, 'Copy');
      const details = h('details', { open, ontoggle: event => { open = event.target.open; } },
        h('summary', {}, 'Show code'), pre, h('div', { class: 'mlp-actions' }, button, said));
      el.replaceChildren(details);
    }, signal);
    return () => signal.forEach(stop => stop());
  },
};
