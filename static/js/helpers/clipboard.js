/** Put `text` on the clipboard. On http:// addresses of a company's own network browsers hide the proper way. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copySelected(text);
  }
}

function copySelected(text) {
  const before = document.activeElement;
  const box = document.createElement("textarea");
  box.className = "visually-hidden";
  box.value = text;
  document.body.append(box);
  box.select();
  const isCopied = document.execCommand("copy");
  box.remove();
  before?.focus();
  if (!isCopied) throw new Error("not copied");
}
