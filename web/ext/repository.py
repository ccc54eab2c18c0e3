"""Links to the book's repository, from the environment only.

Without ``BOOK_REPOSITORY_URL`` there are none: Jupyter Book would link to its own repository
instead. ``BOOK_BINDER_URL`` and ``BOOK_COLAB_URL`` add buttons that open the notebooks of a branch,
``BOOK_REPOSITORY_BRANCH`` (main); `web.tools.elsewhere` makes copies for such a branch.
"""

from __future__ import annotations

import os


def configure(app, config) -> None:
    options = config.html_theme_options
    url = os.environ.get("BOOK_REPOSITORY_URL")
    if not url:
        options.pop("launch_buttons", None)
        return
    options["repository_url"] = url
    options["repository_branch"] = os.environ.get("BOOK_REPOSITORY_BRANCH", "main")
    options["path_to_docs"] = ""
    options["use_repository_button"] = True
    options["use_issues_button"] = True
    # Jupyter Book's defaults hold empty strings here, so each is assigned
    options["launch_buttons"] = {
        "notebook_interface": "jupyterlab",
        "binderhub_url": os.environ.get("BOOK_BINDER_URL", ""),
        "colab_url": os.environ.get("BOOK_COLAB_URL", ""),
    }


def setup(app) -> dict:
    app.connect("config-inited", configure, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
