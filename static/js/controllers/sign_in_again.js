import { listen } from "../helpers/dom.js";

/** The dialog in which one signs in again without leaving the page. Opens on `sign-in:wanted`, tells `sign-in:back`.
 * What happens in it comes with the first of these (helpers/sign_in_dialog.js): most visits need none of it. Where
 * that does not come, and in a browser that knows no dialogs, the link leads to the sign-in page. (behaviour 20) */
export function mount(dialog) {
  if (!dialog.showModal) return () => {};
  let again = null;
  const ends = [
    listen(document, "sign-in:wanted", (event) => { if (again !== false) open(event); }),
    listen(document, "sign-in:back", () => dialog.close()),
    listen(dialog, "submit", (event) => { event.preventDefault(); again.signIn(); }),
    listen(dialog, "click", (event) => again.clicked(event.target.closest("[data-action]")?.dataset.action)),
  ];
  return () => ends.forEach((end) => end());

  async function open(event) {
    event.preventDefault();
    try {
      const { SignInAgain } = await import("../helpers/sign_in_dialog.js");
      (again ??= new SignInAgain(dialog)).open();
    } catch {
      again = false; // it may be that of another release, and gone
      event.detail.link.click();
    }
  }
}
