/** Of `lines`, which begin at one end of the log, the first `count`, up to one that is in use: near what is read, or
 * with the focus, the buttons, a selection, a text that is being changed or something that plays in it. */
export function idleLines(log, lines, count) {
  const { top, bottom, height } = log.getBoundingClientRect();
  const selection = getSelection();
  const isInUse = (line) => {
    const box = line.getBoundingClientRect();
    const isNear = box.bottom > top - height && box.top < bottom + height;
    return isNear || isHeld(line) || (!selection.isCollapsed && selection.containsNode(line, true));
  };
  const first = lines.slice(0, count);
  const end = first.findIndex(isInUse);
  return end < 0 ? first : first.slice(0, end);
}

function isHeld(line) {
  const isPlaying = [...line.querySelectorAll("audio, video")].some(({ paused }) => !paused);
  return isPlaying || line.contains(document.activeElement) || line.querySelector(".edit-box, .message-actions:not([hidden])") !== null;
}
