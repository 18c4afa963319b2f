import { ReactWidget } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';

import { Sidebar } from './components/Sidebar';
import { CommandIDs } from './commands';
import { icon } from './icons';
import * as text from './text';
import type { IMLPlaygroundModel } from './tokens';

/** The panel at the side. */
export class SidebarWidget extends ReactWidget {
  constructor(
    private readonly _model: IMLPlaygroundModel,
    private readonly _commands: CommandRegistry
  ) {
    super();
    this.id = 'mlplayground-sidebar';
    this.addClass('mlp-sb');
    this.title.icon = icon;
    this.title.caption = text.SIDEBAR;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', text.SIDEBAR);
  }

  /** Ask whether everything is to be deleted; nothing is until the name is typed. */
  askToForget(): void {
    this._forgetAsked.emit();
  }

  protected override render(): JSX.Element {
    const run = (command: string, args = {}) => void this._commands.execute(command, args);
    return (
      <Sidebar
        model={this._model}
        forgetAsked={this._forgetAsked}
        onOpenApp={app => run(CommandIDs.openApp, { app })}
        onOpenHome={() => run(CommandIDs.openHome)}
        onExport={() => run(CommandIDs.exportData)}
        onReload={() => window.location.reload()}
      />
    );
  }

  private readonly _forgetAsked = new Signal<this, void>(this);
}
