"""Panels of a lab: plain dicts that say which arrays are drawn, and how. The front end draws them.

A panel is {kind, name, title, span, ...}; every kind is a function here, whose docstring gives
its keys. Keys that are required stand first; an unknown or a missing key is a TypeError. A key
that names an array says where the data are: in the frame, or among the static arrays.

    title    caption; "{unit}" in it is replaced by that selection, counted from 1 ("{t}": from 0)
    span     columns taken, of twelve; rowspan: rows
    aspect   width / height of the drawing; or height, in px
    sel      a selection: the name of an integer that all panels of the lab share. Pointing sets it,
             clicking or arrow keys pin it. Two names [column, row] where a cell is chosen.
    axis     name of an axis that several panels share, so that their columns line up
    narrow   columns taken on a phone, of twelve: 6, or all of them

An array that has the name of a selection says what is chosen until the reader chooses.

Colours are names: ink, ink2, a (blue: positive, class 1, real), b (vermillion: negative, class 0,
generated), grad (purple), s1 s2 s3 (further series), and "g2/5" for layer 2 of 5 (purples from
dark to pale). Colour maps: div (vermillion to blue around 0), seq, grey.
"""

COMMON = "rowspan aspect height axis sel narrow"


def plane(name, title, span, **keys):
    """A rectangle of the plane.

    extent   [x0, x1, y0, y1];  axes  [label of x, label of y]; with y0 > y1, y runs downwards
    layers   fields, points, ... of the functions below, drawn in this order
    toggles  True: a layer with a `label` can be switched off in the key
    drag     name of the points array whose points can be dragged: event drag {index, x, y}
    event    another name for that event, where several planes have points to drag
    choose   a selection that is set by pointing at the curves or points of a layer with that `sel`
    add      True: a click where no point is sends event add {x, y}; "stroke": a stroke of the mouse
             sends many
    remove   True: Delete or a double click on a point of `drag` sends event remove {index}
    clear    True: a button that sends event clear {}
    """
    optional = "toggles drag event choose add remove clear"
    return panel("plane", name, title, span, keys, "extent axes layers", optional)


def field(data, **keys):
    """Layer: an (h, w) array as colours over the whole extent, row 0 at the bottom, its outermost
    samples on the edges of the extent.

    lo, hi   values of the two ends of the map;  levels  values at which an iso-line is drawn
    sel, sel_data, sel_lo, sel_hi   while selection `sel` is k, sel_data[k] is drawn instead
    key      [name of the low side, name of the high side];  off  True: hidden at first
    map      "ground" for heights: a pale grey, which has no sign
    """
    optional = "levels sel sel_data sel_lo sel_hi key label off map"
    return layer("field", data, keys, "lo hi", optional)


def points(data, **keys):
    """Layer: an (n, 2) array as marks.

    color    a colour, or the name of an (n,) array of class numbers, and then
    colors, markers, labels   one for each class; markers are circle, diamond, ring, ringdiamond
    marker, size, alpha       of all;  label  of the layer;  static  True: arrays that stay
    sel, first   a selection; its value first + k (first: 0) stands for point k, which is larger
    """
    optional = "colors markers labels marker size alpha label static off sel first"
    return layer("points", data, keys, "color", optional)


def arrows(data, **keys):
    """Layer: (n, 2) `vectors` as arrows of a colour from the (n, 2) points `data`; `every` k-th.
    Large ones are shortened; with exact=True they are as long as they are."""
    return layer("arrows", data, keys, "vectors color scale", "every label off exact width")


def path(data, **keys):
    """Layer: an (n, 2) array as one line. marker: of its last place, circle, diamond or square;
    head=False: none."""
    return layer("path", data, keys, "color", "label off dash head marker width")


def curves(data, **keys):
    """Layer: an (n,) array, or a family of them (rows, n), as heights over the (n,) places `x`.

    label    of the layer, in the key and in words;  dash, width   of the line;  off  as in field
    color    a colour, or "div": blue above 0 and vermillion below
    sel, first   a selection, whose value first + k (first: 0) stands for row k: that one stands out
    only     True: no other is drawn, and without a choice none
    """
    return layer("curves", data, keys, "x color", "dash width label off sel first only")


def picture(data, **keys):
    """Layer: an (h, w) array as pixels that fill the extent, row 0 at the top. `color`: a map;
    lo, hi: values of its two ends (0 and 1)."""
    return layer("picture", data, keys, "color", "lo hi label off")


def boxes(data, **keys):
    """Layer: an (n, 4) array of boxes (x0, y0, x1, y1).

    kinds    name of an (n,) array: which of `styles` each has; -1 is not drawn
    styles   list of `box_style`s;  tags  name of a list of n texts to be written above them
    """
    return layer("boxes", data, keys, "kinds styles", "tags label off")


def box_style(label, color, **keys):
    """How boxes of one kind look and what they are called; dash: "dashed" or "dotted"."""
    check(f"box_style {label!r}", keys, "", "dash width")
    return {"label": label, "color": color} | keys


def mesh(data, **keys):
    """Layer: an (h, w, 2) array as a grid of cells; squeezed cells are darker."""
    return layer("mesh", data, keys, "color", "label off")


def network(name, title, span, **keys):
    """Layers of nodes joined by edges.

    sizes    nodes in each layer, [inputs, hidden ..., outputs]; nodes are numbered layer by layer
    views    list of `view`s between which the reader chooses what the edges show
    tiles    name of a (nodes, h, w) array in -1..1, one picture a node, row 0 at the bottom
    values   name of a (nodes,) array, a number in each node, where there are no tiles
    inputs, outputs   labels of the first and of the last layer
    numbers  True: the value is written on each edge
    """
    optional = "tiles values inputs outputs numbers"
    return panel("network", name, title, span, keys, "sizes views", optional)


def view(label, data, *, color, key):
    """What edges show: `data` is flat, edges layer by layer, each matrix (n_out, n_in) row by row.
    color: div or grad. key: how one value is written, "w"."""
    return {"label": label, "data": data, "color": color, "key": key}


def lines(name, title, span, **keys):
    """Lines over the steps made so far (the front end keeps the history), or along an axis.

    series   list of `line`s
    over     "step", or the selection that is the axis: then each array is (rows, n) or (n,),
             `sel` = [axis, row], and x names an (n,) array of places, tokens is a list of strings,
             or the name of one, of which those are shown that have room; with empty ones among them
             all others are shown
    log      True: logarithmic values;  lo, hi  fixed ends;  percent  True: 0.5 is written 50 %
    floor    the axis goes no lower; a line that does leaves the plot
    gaps     True: nothing is drawn for a value below `lo`
    mirror   True: for reading from right to left, labels stand at the left, the scale at the right
    refs     list of {y, label}: dotted lines
    """
    optional = "log lo hi floor gaps refs percent unit x tokens mirror"
    return panel("lines", name, title, span, keys, "series over", optional)


def line(data, label, **keys):
    """One line: element `index` of the array `data` at each step. smooth: weight 0..1 of the past
    in the moving mean that is drawn over the raw values."""
    check(f"line {label!r}", keys, "color", "index dash smooth width")
    return {"data": data, "label": label} | keys


def histogram(name, title, span, **keys):
    """A (rows, bins) array `data` as a ridge of histograms on the axis lo..hi, or without these
    over the numbers of the bins, 1, 2 ...; `rows` are names, `colors` one for each. level:
    {y, label}, a height that is always in sight, with a dotted line."""
    return panel("histogram", name, title, span, keys, "data rows colors", "lo hi level")


def heatmap(name, title, span, **keys):
    """A (rows, columns) array `data` as cells, of row_height px or square; or several `views`
    {data, label, and `most` if it is its own}, of which the reader chooses one.

    lo, hi   ends of the colours; most: name of an array [v], for colours from -v to v
    sel      [column, row], or one selection, whose value first + k (first: 0) is cell k, row by row
    tell     True: choosing a cell (a click, an arrow key) sends event select with the selections,
             once Python is there. "pointing": so does pointing at one, and letting go of it (by a
             second click, say) sends null
    numbers  True: the value stands in each cell, if there is room
    counts   name of an array of the same shape: its numbers stand in the cells, but not 0
    names    [names of the rows, names of the columns];  axes  [what columns are, what rows are]
    rows     names of the rows alone, in the place of their numbers
    covers   list of `cover`s: cells to outline, for what is chosen elsewhere
    dots     name of an array of the same shape: a dot where it is not 0
    """
    optional = (
        "data views lo hi most first row_height square tell numbers counts names axes rows covers "
        "dots"
    )
    return panel("heatmap", name, title, span, keys, "color", optional)


def cover(data, *, color, first=0):
    """Cells of a grid that depend on a selection: row k of the array `data` (n, ...) holds the
    cells, counted row by row (its margin included; -1: none), for the value first + k."""
    return {"data": data, "color": color, "first": first}


def images(name, title, span, **keys):
    """An (n, h, w) array through a colour map, or (n, h, w, 3) as it is; columns: how many side by
    side; captions: a list of strings or the name of one (an image whose caption in it is empty is
    left out); heading: name of a text that stands as the title. tell: a click on one sends event
    select with the selection; chosen: name of an array, the number of the one that stands out, if
    that is not the selection.
    place, place_data   while selection `place` is k, place_data[k], an array like `data`, is drawn
    """
    optional = "color lo hi columns captions heading tell chosen place place_data"
    return panel("images", name, title, span, keys, "data", optional)


def maps(name, title, span, **keys):
    """All arrays of a convolutional network, side by side: a group of tiles for each.

    groups   list of `tiles`
    scales   name of a (views, groups) array: what a 1 in a tile stands for
    views    names of the two views that the reader chooses from: the arrays, and their gradients
    Selection `sel` counts the tiles of the groups that have a `name`.
    """
    return panel("maps", name, title, span, keys, "groups scales views")


def tiles(data, grad, label, **keys):
    """A group of tiles: (n, h, w), or (n, m, h, w) where m small ones make one cell (kernels).

    name     what a tile is called in words, "map {n}" counted from 1 or "logit of {d}" from 0;
             without it, tiles cannot be chosen
    digits   True: each has its number, from 0, beside it;  color  div (as usual) or grey
    """
    check(f"tiles {data!r}", keys, "", "name color digits")
    return {"data": data, "grad": grad, "label": label} | keys


def bars(name, title, span, **keys):
    """Named numbers as bars. items: {data, label, max, and index, color, digits, of, percent}, of
    which max and of may be names of arrays [v];
    compact: True: short labels stand beside their bars; mark: name of an array, the number of the
    item that is the right one (-1: none). With `sel`, the data are (rows, n) and the mark (rows,):
    what is chosen is the row."""
    return panel("bars", name, title, span, keys, "items", "compact mark")


def table(name, title, span, **keys):
    """Numbers at the selected place, columns {data, label}; with `rows`, names, all of them, each
    column an array or a list of strings; or a whole (rows, columns) array `data`, with the names
    of its columns and rows.

    rows     may be the name of a list of strings, as long as it happens to be; with `sel`, a row is
             what it chooses, and with `height` the table scrolls within it
    most     of a column: name of an array [v]; a bar from -v to v stands under each number
    """
    return panel("table", name, title, span, keys, "columns", "data rows corner")


def tokens(name, title, span, **keys):
    """A list of strings `data` along an axis; rows {data, label, lo, hi}: cells below it.

    A row of a (rows, n) array is the one that the selection says. bars: True: bars instead of
    cells, from lo; most: name of a (rows,) array, what they go up to (without lo from as far
    below 0, and those there have the colour `below`).
    event    a click on a string sends it with {index}; so does, with {index, symbol}, typing one of
    symbols  the characters that may stand there
    """
    return panel("tokens", name, title, span, keys, "data", "rows event symbols")


def editable(name, title, span, **keys):
    """A (rows, columns) array to draw in (paint: the value drawn) or to edit (numbers: True, step);
    sends `event` {values: flat list}, each from lo to hi.

    brush    half the width of a soft line that is drawn, in cells;  clear  the event of a button
    margin   so many rows of zeros stand around it
    marks    name of an array [row, column, height, width]
    most, sel, first, covers, dots   as in `heatmap`
    """
    optional = "paint numbers marks step brush clear margin most first covers dots"
    return panel("editable", name, title, span, keys, "data color lo hi event", optional)


def products(name, title, span, **keys):
    """What the cell chosen by `sel` is a sum of, with its numbers; sums: list of `sum_of`s."""
    return panel("products", name, title, span, keys, "sums")


def sum_of(data, *, name, title, left, places, first=0, **keys):
    """Cell k of the array `data`, called `name`, is the sum of left * right (+ plus) over (h, w)
    terms, for the value first + k of the selection.

    places   name of an (n, h, w) array: which cells of `left` they are; -1: none
    right    name of an (h, w) or (n, h, w) array; without it nothing is multiplied or added
    plus     name of an array [v] that is added
    title    "{row}" and "{column}" are those of cell k
    then     {name, text, data}: what becomes of the sum, such as a = relu(z)
    texts    name of a list of n strings, which stand there instead of the sum
    mark     name of an (n, h, w) array: terms that are not 0 in it are outlined
    """
    check(f"sum_of {data!r}", keys, "", "right plus then texts mark")
    own = {"data": data, "name": name, "title": title, "left": left}
    return own | {"places": places, "first": first} | keys


def formula(name, title, span, **keys):
    """A formula with numbers in it: `data` names a string or a list of strings; "z_1^{(2)}" has
    scripts. sel_data: a list of texts, of which that of selection `sel` stands there while one is
    chosen, under its name, with `who` before it. lines: for so many there is always room."""
    return panel("formula", name, title, span, keys, "data", "sel_data lines who")


def graph(name, title, span, **keys):
    """A computation graph, from left to right. Its parts are numbered, nodes before edges.

    nodes    columns of labels [["x₁", "x₂"], ["ŷ"]];  names  what each node is called in words
    edges    list of [from, to]; the first ones have a weight in the array `weights`
    node_lines, edge_lines   lists of `part_line`s, written in every node and on every edge
    lit      name of a (parts,) array: 1 for what is computed now, 2 for an edge that it comes along
    back     name of an array: 1 when it goes backward
    places   [column, row] of each node, halves too, where columns alone do not tell it
    box      width of a node in px (76);  edge_word  what an edge's number is ("weight")
    """
    return panel("graph", name, title, span, keys, "nodes edges weights node_lines edge_lines lit",
                 "names back places box edge_word")  # fmt: skip


def part_line(data, label, color):
    """A line of text of each part; `data` names a list of strings, an empty one is left out."""
    return {"data": data, "label": label, "color": color}


def stages(name, title, span, **keys):
    """The `names` of stages that steps go through in turn; the one in the array `data` is marked
    (-1: none). A click goes on to a stage."""
    return panel("stages", name, title, span, keys, "names data")


def ramp(index, count):
    """The colour name of layer `index` (from 1) of `count`."""
    return f"g{index}/{count}"


def panel(kind, name, title, span, keys, required, optional=""):
    check(f"{kind} {name!r}", keys, required, f"{optional} {COMMON}")
    return {"kind": kind, "name": name, "title": title, "span": span} | keys


def layer(kind, data, keys, required, optional):
    check(f"{kind} {data!r}", keys, required, optional)
    return {"layer": kind, "data": data} | keys


def check(who, keys, required, optional):
    """Raise a TypeError, in one line, for keys that are missing or unknown."""
    missing = set(required.split()) - set(keys)
    unknown = set(keys) - set(required.split()) - set(optional.split())
    if missing or unknown:
        wrong = [f"{key} is missing" for key in missing] + [f"{key} is unknown" for key in unknown]
        raise TypeError(f"{who}: {', '.join(sorted(wrong))}")
