"""A panel with everything that a panel can have, a shell, and the first-run notice."""

# %%
import threading

import numpy as np
import pandas as pd
from IPython.display import display

from mlplayground import ui
from mlplayground.ui import figures
from mlplayground.ui.controls import Choice, Columns, DatasetPicker, Number, Text, Toggle
from mlplayground.ui.views import CardView, ChartView, Fact, Facts, Finding, HintView, TableView

random = np.random.default_rng(0)
n = 891
frame = pd.DataFrame(
    {
        "fare": random.lognormal(3, 1, n),
        "age": np.where(random.random(n) < 0.2, np.nan, random.integers(1, 80, n)),
        "port": random.choice(["Southampton", "Cherbourg", "Queenstown"], n),
        "survived": random.random(n) < 0.4,
        "boarded": pd.date_range("1912-04-01", periods=n, freq="h"),
    }
)
go_on = threading.Event()


# %%
def work():
    go_on.wait(60)
    panel.clear_progress()
    show()


def run(values):
    go_on.clear()
    panel.show_progress(0.35, "Trying 8 settings", 12)
    threading.Thread(target=work).start()


def show():
    counts, edges = np.histogram(frame.fare, bins=30)
    fares = figures.histogram(counts.tolist(), edges.tolist(), x_title="fare", x_unit="USD")
    panel.show_views(
        [
            Finding("`fare` has 15 zeros out of 891; 12 of those passengers were crew.", "warning"),
            Finding("Every row is a passenger."),
            Facts(
                (Fact("Rows", "891"), Fact("Columns", "5", "2 are text"), Fact("Missing", "4 %"))
            ),
            ChartView(fares, "Most passengers paid less than 30 USD", "Histogram of fare."),
            TableView(frame, "The table as it was read", ((0, 0), (2, 1))),
        ]
    )
    panel.show_cards(
        [
            CardView(
                "fill",
                "Fill `age` by group median",
                0.012,
                (0.004, 0.02),
                "AUC",
                "Missing values of `age` depend on `port`.",
                "Helped in 7 of 9 cases.",
                0,
            ),
            CardView("drop", "Drop 12 duplicate rows", reason="They are equal.", place=1),
        ]
    )
    panel.show_hints([HintView("late", "When, in real life, would you know `closed_at`?")])
    panel.show_code("import pandas as pd\n\ndf = pd.read_csv('titanic.csv')\n")


def card(card_id, action, reason):
    if card_id == "drop" and action == "accepted":
        raise ValueError("The table is read-only. Make a copy first.")
    panel.show_notice(f"{card_id} {action} {reason}")


panel = ui.Panel(
    "demo/look",
    "Quality",
    "Find what is wrong with the data, repair it, and undo what did not help.",
    run_label="Look",
    on_run=run,
    on_cancel=go_on.set,
    on_card=card,
    on_hint=lambda hint, action: panel.show_notice(f"{hint} {action}"),
    on_change=lambda name, value: panel.show_notice(f"{name} is {value}"),
    on_undo=lambda: panel.show_notice("undone"),
)
panel.set_controls(
    [
        Columns("target", "What would you predict?", None, tuple(frame.columns), optional=True),
        Choice("metric", "Metric", "auc", (("auc", "Area under the curve"), ("acc", "Accuracy"))),
        Number("folds", "Folds", 5, 2, 10, slider=True),
        Number("rows", "Rows", 1000, 1, 100000),
        Toggle("shuffle", "Shuffle the rows first", True),
        Text("note", "A note of your own", placeholder="What did you expect?"),
        Columns("features", "Features", ("fare",), tuple(frame.columns), multiple=True),
    ]
)
show()
display(panel)
# %%
seen = []
load = ui.Panel(
    "demo/load",
    "Load",
    "Bring in a table and check how it was read.",
    run_label="Load",
    on_run=lambda values: None,
    on_seen=lambda seconds: (seen.append(seconds), watched.show_notice(f"seen {sum(seen):.1f} s")),
)
load.set_controls(
    [
        DatasetPicker(
            "source",
            "Table",
            datasets=(("1", "titanic.csv"),),
            samples=(("penguins", "Penguins: 344 rows, three species"),),
        )
    ]
)
load.set_ready("Choose a table first")
watched = ui.Panel("demo/watched", "Overview", "Say what this table holds.")
watched.show_views([Finding("Nothing stands out.", "good")])
ui.Shell("Data Explorer", "Meet a dataset, and repair it.", [load, watched])
# %%
ui.Announcement({"version": "1", "user": "ada", "session": "s"}, notice=True, home="/home/ada")
