// Paper is white: a page is printed in the light theme, whatever the reader's is.

const { dataset } = document.documentElement;
let theme = null; // the reader's, while a page is printed

addEventListener("beforeprint", () => {
  theme ??= dataset.theme;
  dataset.theme = "light";
});
addEventListener("afterprint", () => {
  dataset.theme = theme;
  theme = null;
});
