// Shared by our widgets. Text goes into the page through textContent only.
const h = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== ''));
  return node;
};
// `name` in our texts is shown as code.
const rich = text => text.split(/`([^`\n]+)`/).map((part, place) => place % 2 ? h('code', {}, part) : part);
const icon = path => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS('http://www.w3.org/2000/svg', 'path'));
  svg.firstChild.setAttribute('d', path);
  return svg;
};
const pageConfig = () => {
  try {
    return JSON.parse(document.getElementById('jupyter-config-data').textContent);
  } catch {
    return {};
  }
};
const apiUrl = path => {
  const base = pageConfig().baseUrl ?? '/';
  return new URL(`${base.endsWith('/') ? base : base + '/'}mlplayground/api/${path}`, location.origin).href;
};
const xsrfToken = () => document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? '';
// Voila entered by ?token= has no _xsrf cookie until a route of ours sets it.
const ensureXsrf = async () => {
  if (!xsrfToken()) await fetch(apiUrl('state'), { credentials: 'same-origin' }).catch(() => null);
  return xsrfToken();
};
const watch = (model, names, draw, signal) => {
  for (const name of names) model.on(`change:${name}`, draw);
  signal.push(() => names.forEach(name => model.off(`change:${name}`, draw)));
  draw();
};
// anywidget gives a module two seconds to load. On a busy machine it takes longer, and a widget
// that is drawn after that hears nothing from the kernel, ever. Then its comm gets an ear of its
// own, and asks for what it has missed.
const hear = model => {
  let real = null;
  const grab = changed => { real = changed; };
  model.on('change:_mlp_ear', grab);
  model.set('_mlp_ear', Math.random());
  model.off('change:_mlp_ear', grab);
  const nothing = { content: { data: { method: 'nothing' } } };
  real?._handle_comm_msg(nothing).catch(() => {
    const handle = Object.getPrototypeOf(real.constructor.prototype)._handle_comm_msg;
    real.comm.on_msg(message => handle.call(real, message));
    real.comm.send({ method: 'request_state' }, {});
  });
};
