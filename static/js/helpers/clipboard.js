/** Put `text` on the clipboard. On http:// addresses of a company's own network browsers hide the proper way. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copySelected(text);
  }
}

/** Beside what has the focus: further away, what shows itself for as long as that is in it would go. */
function copySelected(text) {
  const before = document.activeElement;
  const box = document.createElement("textarea");
  box.className = "visually-hidden";
  box.value = text;
  box.addEventListener("copy", (event) => event.stopPropagation()); // the log has words of its own for what is copied
  (before === document.body ? before : before.parentElement).append(box);
  box.select();
  const isCopied = document.execCommand("copy");
  before.focus(); // first: what is removed with the focus gives it to nobody
  box.remove();
  if (!isCopied) throw new Error("not copied");
}
