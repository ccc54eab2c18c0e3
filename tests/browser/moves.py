"""What a hand does to a figure, in JavaScript."""

# a control is put at a share of its way; is it there to be moved?
MOVE = """(lab, [name, share]) => {
    const e = lab.root.querySelector(`.dl-controlbox [name="${name}"]`);
    if (!e.offsetParent) return false;
    if (e.type === 'checkbox') e.click();
    else if (e.type === 'text') {
        e.value = e.value.slice(0, Math.round(share * e.value.length)) + ' Ünlike 好 ' + share;
        e.dispatchEvent(new Event('input', { bubbles: true }));
    } else if (e.tagName === 'SELECT') {
        e.selectedIndex = Math.floor(share * e.options.length);
        e.dispatchEvent(new Event('change', { bubbles: true }));
    } else {
        e.value = Number(e.min) + share * (e.max - e.min);
        e.dispatchEvent(new Event('input', { bubbles: true }));
        e.dispatchEvent(new Event('change', { bubbles: true }));
    }
    return true;
}"""
