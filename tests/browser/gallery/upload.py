"""A panel that takes a file, and says how large it was when it arrived."""

# %%
from pathlib import Path

from IPython.display import display

from mlplayground import ui
from mlplayground.ui.controls import DatasetPicker

panel = ui.Panel(
    "demo/load",
    "Load",
    "Bring in a table.",
    on_upload=lambda upload: panel.show_notice(f"upload {upload}"),
    on_file=lambda path, name: panel.show_notice(f"{name}: {Path(path).stat().st_size} bytes"),
)
panel.set_controls([DatasetPicker("source", "Table", upload_limit=50_000_000)])
display(panel)
