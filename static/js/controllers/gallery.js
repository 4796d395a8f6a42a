import { isPlain } from "../helpers/dialogs.js";
import { listen } from "../helpers/dom.js";

/** Shows the pictures of the page large, one after the other. What shows them is loaded with the first. */
export function mount(dialog) {
  const ends = [
    listen(document, "click", (event) => {
      const link = event.target.closest?.(".upload__open");
      if (!link || !isPlain(event) || !dialog.showModal) return;
      event.preventDefault();
      import("../helpers/picture_show.js").then(({ show }) => show(dialog, link), () => location.assign(link.href));
    }),
    () => dialog.close(),
  ];
  return () => ends.forEach((end) => end());
}
