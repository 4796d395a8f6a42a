/** Load a sheet that few pages need. Resolves when it counts; without it all looks plain, and works. */
export function loadSheet(name) {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: new URL(`../../css/${name}.css`, import.meta.url) });
  document.head.append(link);
  return new Promise((resolve) => { link.onload = link.onerror = resolve; });
}
