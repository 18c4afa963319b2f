// The charts' library lies in the static folder under its version: JupyterLab serves that folder
// as `immutable` for a year, so a new version needs a new name.
import { copyFileSync, readFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const dist = new URL('node_modules/plotly.js-cartesian-dist-min/', root);
const { version } = JSON.parse(readFileSync(new URL('package.json', dist), 'utf8'));
const target = new URL(`../mlplayground/labextension/static/plotly-${version}.js`, root);
copyFileSync(new URL('plotly-cartesian.min.js', dist), target);
console.log(`Copied plotly.js ${version}`);
