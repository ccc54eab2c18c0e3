"""The Python side of the page's code cells, `dlcore_cells` there. Only `page` knows a browser."""
