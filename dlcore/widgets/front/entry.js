// The module that both hosts load: anywidget in Jupyter, web/page in the published book.

import { Lab } from "./lab.js";

function render({ model, el }) {
  const lab = new Lab(model, el);
  return () => lab.destroy();
}

export default { render };
