"""A table of a million rows and ten columns."""

# %%
import numpy as np
import pandas as pd

from mlplayground import ui

n = 1_000_000
random = np.random.default_rng(0)
frame = pd.DataFrame({f"x{i}": random.normal(size=n) for i in range(7)})
frame["place"] = np.arange(n)
frame["colour"] = random.choice(["red", "green", "blue"], n)
frame["name"] = [f"row {i}" for i in range(n)]
# %%
ui.DataTable(frame, "A million rows", marks=((0, 0),))
