import type { ISettingRegistry } from '@jupyterlab/settingregistry';

/** The settings of `schema/sidebar.json`, with their defaults where there are no settings. */
export interface ISettings {
  readonly showOnStart: boolean;
  readonly reminders: boolean;
  readonly pollSeconds: number;
  readonly curriculumFolder: string;
}

const DEFAULTS: ISettings = {
  showOnStart: true,
  reminders: false,
  pollSeconds: 15,
  curriculumFolder: 'curriculum'
};

/** Settings that are read when they are used, so that a change takes effect at once. */
export class Settings implements ISettings {
  /** Take the values of `source`, and call `onChange` now and after each change. */
  follow(source: ISettingRegistry.ISettings, onChange: (settings: ISettings) => void): void {
    const update = () => {
      this._values = { ...DEFAULTS, ...(source.composite as Partial<ISettings>) };
      onChange(this);
    };
    source.changed.connect(update);
    update();
  }

  get showOnStart(): boolean {
    return this._values.showOnStart;
  }

  get reminders(): boolean {
    return this._values.reminders;
  }

  get pollSeconds(): number {
    return this._values.pollSeconds;
  }

  get curriculumFolder(): string {
    return this._values.curriculumFolder.replace(/^\/+|\/+$/g, '');
  }

  private _values = DEFAULTS;
}
