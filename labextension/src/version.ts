import { version } from '../package.json';

/** The version of this extension; the server extension of the same release has the same one. */
export const VERSION: string = version;
