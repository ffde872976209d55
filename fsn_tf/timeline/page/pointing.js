// What part of a video the timeline shows, and what the pointer is over there.

function look(from, span) {
  span = Math.min(Math.max(span, 1), now.seconds) || now.seconds;
  from = Math.min(Math.max(from, 0), now.seconds - span);
  view = [from, from + span];
  by("zoom-out").disabled = by("zoom-all").disabled = span >= now.seconds;
  redraw();
}

function zoom(factor) {
  const share = (video.currentTime - view[0]) / (view[1] - view[0]);
  const span = (view[1] - view[0]) * factor;
  look(video.currentTime - Math.min(Math.max(share, 0), 1) * span, span);
}

// What the pointer is over: its time, class and segment.
function under(event) {
  const box = canvas.getBoundingClientRect();
  const x = event.clientX - box.left, y = event.clientY - box.top;
  const seconds = toSeconds(x);
  const lane = Math.floor((y - AXIS) / rowHeight());
  const k = shownClasses()[lane];
  if (y < AXIS || k === undefined) return { x, y, seconds };
  const inRow = y - AXIS - lane * rowHeight() - LABEL - CURVE - GAP;
  const onFound = inRow >= 0 && inRow < BAR + GAP / 2;
  const rows = onFound ? now.rowsOf[k] : now.truthOf[k];
  // A segment is as wide as it is drawn.
  const segment = inRow >= 0 && rows.find(({ start, end }) =>
    x >= toX(start) && x <= Math.max(toX(end), toX(start) + 2));
  return { x, y, seconds, k, segment, onFound };
}

function kindOf(row) {
  if (row.from === undefined) return "ground truth";
  return markOf(now, row) || row.score.toFixed(3);
}

function hover(event) {
  const at = under(event), lines = [clock(startOf(frameAt(at.seconds)))];
  canvas.style.cursor = edgeAt(at) ? "ew-resize" : "";
  if (at.k !== undefined) {
    const middle = (frameAt(at.seconds) + 0.5) / now.fps;
    const column = Math.floor(middle / now.seconds * now.columns);
    const score = now.scores[at.k][Math.min(column, now.columns - 1)];
    const text = score === undefined ? "" : ` ${(score / 255).toFixed(2)}`;
    lines.push(`${now.classes[at.k]}${text}`);
  }
  if (at.segment) lines.push(`${span(at.segment)}  ${kindOf(at.segment)}`);
  tip.textContent = lines.join("\n");
  tip.hidden = false;
  const right = canvas.clientWidth - tip.offsetWidth - 4;
  const low = canvas.clientHeight - tip.offsetHeight - 4;
  const left = Math.max(Math.min(at.x + 14, right), 4);
  const top = Math.max(Math.min(at.y + 14, low), 4);
  tip.style.transform = `translate(${left}px, ${top}px)`;
  if (event.buttons === 1) seekFrame(frameAt(at.seconds));
}
