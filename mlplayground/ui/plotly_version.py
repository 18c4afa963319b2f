"""The one place that says which plotly.js draws our charts.

``labextension/package.json`` pins the same version of ``plotly.js-cartesian-dist-min`` and its
build copies the bundle to ``mlplayground/labextension/static/plotly-<version>.js``.
"""

from __future__ import annotations

PLOTLY_JS_VERSION = "4.1.1"
BUNDLE_NAME = f"plotly-{PLOTLY_JS_VERSION}.js"
