// Where a table comes from. Files travel to the server's own route; where there is none, in
// pieces through the kernel's connection, which drops messages above 10 MB without a word.
const PIECE = 1 << 20;
const size = bytes => {
  const [unit, one] = bytes < 1e3 ? ['bytes', 1] : bytes < 1e6 ? ['kB', 1e3] : ['MB', 1e6];
  return `${(bytes / one).toLocaleString('en', { maximumSignificantDigits: 3 })} ${unit}`;
};

class NoRoute extends Error {}

const putFile = async (file, progress, abort) => {
  const token = await ensureXsrf();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', apiUrl(`uploads?name=${encodeURIComponent(file.name)}`));
    request.withCredentials = true;
    request.setRequestHeader('X-XSRFToken', token);
    const config = pageConfig();
    if (config.token) request.setRequestHeader('Authorization', `token ${config.token}`);
    request.upload.onprogress = event => progress(event.loaded);
    request.onerror = () => reject(new NoRoute());
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* not ours */ }
      if (request.status < 300 && answer.upload) return resolve(answer.upload);
      const error = answer.error;
      // Ours says what is wrong; anything else means that our route is not there.
      if (error?.message) return reject(new Error([error.message, error.hint].filter(Boolean).join(' ')));
      reject(new NoRoute());
    };
    abort.addEventListener('abort', () => request.abort());
    request.send(file);
  });
};

const sendPieces = async (model, file, progress, abort) => {
  const transfer = crypto.randomUUID?.() ?? String(Math.random());
  const answer = () => new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(reject, new Error('The kernel does not answer. Is a cell still running?')), 120000);
    const done = (settle, value) => { clearTimeout(timer); model.off('msg:custom', heard); settle(value); };
    const heard = message => {
      if (message.kind !== 'piece' || message.transfer !== transfer) return;
      if (message.error) done(reject, new Error(message.error));
      else done(resolve, message);
    };
    model.on('msg:custom', heard);
    abort.addEventListener('abort', () => done(reject, new DOMException('Cancelled', 'AbortError')));
  });
  let start = 0;
  do {
    const piece = await file.slice(start, start + PIECE).arrayBuffer();
    const kept = answer();
    model.send({ kind: 'piece', transfer, name: file.name, start, total: file.size }, undefined, [new DataView(piece)]);
    await kept;
    start += piece.byteLength;
    progress(start);
  } while (start < file.size);
};

export default {
  render({ model, el }) {
    hear(model);
    const signal = [];
    el.classList.add('mlp-picker');
    const said = h('p', { class: 'mlp-detail', role: 'status' });
    const bar = h('progress', { max: 1, 'aria-label': 'Upload', hidden: true });
    const stop = h('button', { type: 'button', class: 'mlp-quiet', hidden: true }, 'Cancel');
    const input = h('input', { type: 'file', class: 'mlp-sr', 'aria-label': 'Choose a file', tabindex: -1 });
    const choose = h('button', { type: 'button', class: 'mlp-quiet', onclick: () => input.click() }, 'Choose a file');
    const zone = h('div', { class: 'mlp-drop' },
      h('span', {}, 'Drop a CSV or Parquet file here, or '), choose, input);
    const pick = chosen => { model.set('chosen', chosen); model.save_changes(); };

    const list = h('select', { class: 'mlp-select' });
    const path = h('input', { type: 'text', class: 'mlp-path', placeholder: 'data/penguins.csv', spellcheck: 'false' });
    list.addEventListener('change', () => {
      const option = list.selectedOptions[0];
      if (option?.dataset.kind) pick({ kind: option.dataset.kind, ref: option.value, name: option.textContent });
    });
    path.addEventListener('change', () => {
      const ref = path.value.trim();
      if (ref) pick({ kind: 'path', ref, name: ref.split(/[\\/]/).at(-1) });
    });

    let running = null;
    const upload = async file => {
      running?.abort();
      const mine = running = new AbortController();
      const limit = model.get('upload_limit');
      const progress = bytes => {
        if (running !== mine) return;
        bar.value = file.size ? bytes / file.size : 1;
        said.textContent = `Reading in ${file.name}: ${size(bytes)} of ${size(file.size)}`;
      };
      if (file.size > limit) {
        said.textContent = `${file.name} has ${size(file.size)}; at most ${size(limit)} can be taken here. Use its path instead, if it lies on this machine.`;
        return;
      }
      bar.hidden = stop.hidden = false;
      bar.value = 0;
      try {
        try {
          const ident = await putFile(file, progress, mine.signal);
          model.send({ kind: 'uploaded', upload: ident, name: file.name });
        } catch (error) {
          if (!(error instanceof NoRoute)) throw error;
          await sendPieces(model, file, progress, mine.signal);
        }
        said.textContent = `${file.name} is here (${size(file.size)}).`;
      } catch (error) {
        said.textContent = error.name === 'AbortError' ? `Cancelled. ${file.name} was not taken.`
          : `${file.name} was not taken. ${error.message}`;
      } finally {
        if (running === mine) { bar.hidden = stop.hidden = true; running = null; }
      }
    };
    stop.addEventListener('click', () => running?.abort());
    input.addEventListener('change', () => {
      if (input.files[0]) upload(input.files[0]);
      input.value = '';
    });
    for (const kind of ['dragenter', 'dragover']) zone.addEventListener(kind, event => {
      event.preventDefault();
      event.stopPropagation();
      zone.classList.add('mlp-over');
    });
    for (const kind of ['dragleave', 'drop']) zone.addEventListener(kind, event => {
      event.preventDefault();
      event.stopPropagation();
      zone.classList.remove('mlp-over');
    });
    zone.addEventListener('drop', event => {
      const file = event.dataTransfer?.files[0];
      if (file) upload(file);
      else said.textContent = 'That was not a file. Drop one file, or choose it.';
    });

    watch(model, ['datasets', 'samples', 'label'], () => {
      const group = (title, kind, items) => items.length ? h('optgroup', { label: title },
        items.map(([ref, name]) => h('option', { value: ref, 'data-kind': kind }, name))) : '';
      list.setAttribute('aria-label', `${model.get('label')}: your tables and samples`);
      path.setAttribute('aria-label', `${model.get('label')}: path of a file on this machine`);
      list.replaceChildren(h('option', { value: '' }, 'Choose…'),
        group('Your tables', 'dataset', model.get('datasets')), group('Samples', 'sample', model.get('samples')));
      el.replaceChildren(h('div', { class: 'mlp-label' }, model.get('label')), zone,
        h('div', { class: 'mlp-upload' }, bar, stop, said),
        h('div', { class: 'mlp-sources' },
          list.options.length > 1 ? h('label', {}, h('span', {}, 'or start with'), list) : null,
          h('label', {}, h('span', {}, 'or give its path'), path)));
    }, signal);
    watch(model, ['chosen', 'datasets', 'samples'], () => {
      const { kind, ref, name } = model.get('chosen');
      const option = [...list.options].find(one => one.dataset.kind === kind && one.value === ref);
      list.value = '';
      if (option) option.selected = true;
      path.value = kind === 'path' ? ref : '';
      if (kind && kind !== 'upload' && kind !== 'file') said.textContent = `Chosen: ${name || ref}`;
    }, signal);
    return () => {
      running?.abort();
      signal.forEach(end => end());
    };
  },
};
