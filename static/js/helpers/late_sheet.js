const PATIENCE_MS = 3000; // longer nobody waits for looks: what one came for works without

const sheets = new Map(); // by name, each as the promise that it counts

/** Load a sheet that few pages need, once. Resolves when it counts, or has not come; without it all looks plain, and
 * works, and the next call asks again for one that failed. */
export function loadSheet(name) {
  if (!sheets.has(name)) sheets.set(name, load(name));
  return sheets.get(name);
}

function load(name) {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: new URL(`../../css/${name}.css`, import.meta.url) });
  document.head.append(link);
  return new Promise((resolve) => {
    link.onload = resolve;
    link.onerror = () => { sheets.delete(name); link.remove(); resolve(); };
    setTimeout(resolve, PATIENCE_MS);
  });
}
