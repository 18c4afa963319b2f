import { LabIcon } from '@jupyterlab/ui-components';

/** Points, and the line that was fitted to them. */
export const icon = new LabIcon({
  name: 'mlplayground:icon',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161">
    <path d="M3 2h2v17h17v2H3z"/>
    <circle cx="8.5" cy="15" r="1.7"/><circle cx="11" cy="10.5" r="1.7"/>
    <circle cx="15.5" cy="11.5" r="1.7"/><circle cx="19.5" cy="4.5" r="1.7"/>
  </g>
  <path class="jp-icon3" fill="#616161" d="M6.3 16.9 20.3 7.2l1 1.5-14 9.7z"/>
</svg>`
});
