"""Names and values that try to run, everywhere where a learner's text is shown."""

# %%
import ipywidgets
import pandas as pd
from IPython.display import display

from mlplayground import ui
from mlplayground.ui import figures
from mlplayground.ui.controls import Choice, Columns, DatasetPicker, Source, Text
from mlplayground.ui.views import (
    CardView,
    ChartView,
    Fact,
    Facts,
    Finding,
    HintView,
    Prose,
    TableView,
)

EVIL = "<script>window.hit=1</script><img src=x onerror='window.hit=1'>"
LINK = "<a href='javascript:window.hit=1'>a link</a>`<img src=x onerror=window.hit=1>`"
frame = pd.DataFrame({EVIL: [EVIL, LINK], LINK: [1.5, None]})
panel = ui.Panel(EVIL, EVIL, LINK, run_label=EVIL, on_run=lambda values: None, on_card=lambda *a: 1)
panel.set_controls(
    [
        Columns("one", EVIL, EVIL, (EVIL, LINK)),
        Columns("many", LINK, (EVIL,), (EVIL, LINK), multiple=True),
        Choice("choice", EVIL, EVIL, (EVIL, LINK), help=EVIL),
        Text("text", LINK, EVIL, placeholder=EVIL),
        DatasetPicker(
            "source", EVIL, Source("sample", EVIL, EVIL), ((EVIL, LINK),), ((EVIL, EVIL),)
        ),
    ]
)
bars = figures.bars([EVIL, LINK], [2, 1], x_title=EVIL, y_title=LINK)
points = figures.scatter(
    [1, 2], [1, 2], x_title=LINK, y_title=EVIL, groups=[EVIL, LINK], x_unit=EVIL
)
raw = {
    "data": [{"type": "bar", "x": [EVIL, LINK], "y": [1, 2], "text": [EVIL, LINK], "name": EVIL}],
    "layout": {"title": EVIL, "annotations": [{"text": LINK, "x": 0, "y": 1}]},
}
panel.show_views(
    [
        Finding(EVIL, "warning"),
        Prose(LINK),
        Facts((Fact(EVIL, LINK, EVIL),)),
        ChartView(bars, EVIL, EVIL),
        ChartView(points, LINK, EVIL),
        ChartView(raw, LINK, LINK),
        TableView(frame, EVIL, ((0, 0),)),
    ]
)
panel.show_cards([CardView(EVIL, EVIL, 1.0, (0.0, 2.0), EVIL, LINK, EVIL)])
panel.show_hints([HintView(EVIL, LINK + "\n\n" + EVIL)])
panel.show_code(f"df[{EVIL!r}]")
panel.set_ready(EVIL)
display(panel)
# %%
panel.show_progress(0.5, EVIL, 10)
panel.show_error(EVIL)
shell = ui.Shell(EVIL, LINK, [ui.Panel("a/b", EVIL, EVIL), ui.Panel("a/c", LINK, LINK)])
display(shell)
# %%
display(ui.Notice(EVIL, "warning"), ui.Announcement({}, notice=True, home=EVIL))
# %%
ipywidgets.Label("the end")
