import { csrfTokenUrl, me, renewCsrfToken } from "../page.js";
import { fill, slot, tell } from "./dom.js";
import { getJson, post } from "./http.js";

/** What the dialog in which one signs in again does, from its first opening on. */
export class SignInAgain {
  #isAsking = false;

  constructor(dialog) {
    this.dialog = dialog;
    this.form = slot(dialog, "form");
    this.password = this.form.elements.password;
  }

  open() {
    if (this.dialog.open) return;
    this.#say("");
    this.dialog.showModal();
    this.password.focus();
  }

  clicked(action) {
    if (action === "close") this.dialog.close();
    if (action === "reload") location.reload();
  }

  async signIn() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#say("");
    try {
      await this.#welcome(await this.#ask());
    } catch (error) {
      this.#say(error.sentence || this.dialog.dataset.failed);
      this.password.select();
    }
    this.#isAsking = false;
  }

  /**
   * The token of the page belongs to a session that may be over, so this one request gets a fresh one. Not the page:
   * the session may be somebody else's, and what waits here would go out under their name.
   */
  async #ask() {
    const anybodysTokenUrl = csrfTokenUrl().split("?")[0];
    const { csrf_token: token } = await getJson(anybodysTokenUrl);
    return post(this.form.action, { email: this.form.elements.email.value, password: this.password.value }, token);
  }

  async #welcome(person) {
    this.password.value = "";
    if (person.id !== me()) return this.#turnAway(person);
    renewCsrfToken((await getJson(csrfTokenUrl())).csrf_token);
    tell(document, "sign-in:back");
  }

  /** What was written here is somebody else's: it is not sent, and stays for its writer. */
  #turnAway({ name }) {
    this.form.hidden = true;
    slot(this.dialog, "else").hidden = false;
    slot(this.dialog, "else-words").textContent = fill(this.dialog.dataset.somebodyElse, { name });
  }

  #say(sentence) {
    slot(this.dialog, "error").textContent = sentence;
    this.password.setAttribute("aria-invalid", sentence ? "true" : "false");
  }
}
