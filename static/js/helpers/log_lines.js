/** The messages that stand in a log, in the order of their numbers. */
export class LogLines {
  constructor(list) {
    this.list = list;
  }

  all() {
    return [...this.list.querySelectorAll(".message")];
  }

  first() {
    return Number(this.list.querySelector(".message")?.dataset.number ?? 0);
  }

  last() {
    return Number(this.all().at(-1)?.dataset.number ?? 0);
  }

  of(id) {
    return this.list.querySelector(`[data-message-id="${id}"]`);
  }

  numbered(number) {
    return this.list.querySelector(`:scope > [data-number="${number}"]`);
  }

  /** The one that its author's browser gave this id, once it stands here. */
  sentAs(clientId) {
    return this.list.querySelector(`[data-client-id="${CSS.escape(clientId)}"]`);
  }

  /** The line before which a message of this number stands; null at the end, where nearly all of them go. */
  nextOf(number) {
    if (number > this.last()) return null;
    return this.all().find((line) => Number(line.dataset.number) > number) ?? null;
  }

  /** Where somebody has begun to write. */
  held() {
    return this.list.querySelector(".edit-box--changed");
  }
}
