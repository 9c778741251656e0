// Before anything is painted: the theme that the address asks for, and whether it asks for another view than the
// one that the page's file shows.
(() => {
  const html = document.documentElement;
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (name === "theme" && (value === "light" || value === "dark")) html.dataset.theme = value;
    if (value && name !== "theme" && name !== "basket") html.dataset.view = "other";
  }
})();
