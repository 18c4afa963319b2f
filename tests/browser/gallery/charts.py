"""Twenty charts of 500 points, the first of which can be brushed."""

# %%
import numpy as np
from IPython.display import display

from mlplayground import ui
from mlplayground.ui import figures

random = np.random.default_rng(0)
said = ui.Panel("demo/said", "Said", "What the brush holds.")


def chart(number, **more):
    x, y = random.normal(size=(2, 500))
    points = figures.scatter(x, y, x_title="x", y_title="y")
    return ui.Chart(points, title=f"Chart {number}", alt=f"500 points, number {number}", **more)


display(said)
# %%
chart(0, on_select=lambda rows: said.show_notice(f"{len(rows or [])} rows"))
# %%
display(*[chart(number) for number in range(1, 20)])
