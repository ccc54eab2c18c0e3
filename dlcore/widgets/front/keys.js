// The keys of a lab: space plays, "." and "," step, "r" resets, Escape lets go of what was chosen.

const ACTIONS = {
  " ": lab => lab.togglePlay(),
  ".": lab => lab.stepOn(),
  ",": lab => lab.stepBack(),
  r: lab => lab.reset(),
  Escape: lab => lab.selections.unpinAll(),
};

/** Does the element that has the focus use this key itself? */
function usesKey(target, key) {
  if (target.closest("textarea, select, input[type=number], input[type=text]")) return key !== "Escape";
  return key === " " && Boolean(target.closest("button, summary, a, input"));
}

export function onLabKey(lab, event) {
  const act = ACTIONS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const timeless = lab.spec?.time === false && event.key !== "Escape";
  if (timeless || usesKey(event.target, event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  act(lab);
}
