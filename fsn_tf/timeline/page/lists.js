// What the page says in words beside the timeline: tables, classes, messages.

// Rows of the table at first; more of them make a page slow.
const FEW = 1000;

let current = "";    // which rows of the table are marked
let all = false;     // whether the table shows all rows

// The golden angle keeps neighbors apart, however many there are.
const hue = (k) => (210 + k * 137.5) % 360;

function color(k) {
  const style = getComputedStyle(document.documentElement);
  return `hsl(${hue(k)} 62% ${style.getPropertyValue("--lightness")})`;
}

function listClasses() {
  const labels = now.classes.map((name, k) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = now.shown[k];
    box.addEventListener("change", () => {
      now.shown[k] = box.checked;
      redraw();
    });
    label.append(box, name);
    return label;
  });
  const legend = by("classes").firstElementChild;
  by("classes").replaceChildren(legend, ...labels);
}

function listSegments() {
  const hadFocus = by("rows").contains(document.activeElement);
  const shown = (rows) => all ? rows : rows.slice(0, FEW);
  now.goneOf = now.classes.map(() => []);
  for (const row of outdated()) now.goneOf[row.k].push(row);
  fill("rows", shown(now.rows));
  fill("truth-rows", shown(now.truth || []));
  by("all").hidden = all ||
    Math.max(now.rows.length, (now.truth || []).length) <= FEW;
  by("nothing").hidden = now.rows.length > 0;
  by("found").hidden = now.rows.length === 0;
  by("truth").hidden = !now.truth;
  by("legend-truth").hidden = by("take-truth").hidden = !now.truth;
  canvas.setAttribute("aria-label", `Timeline of ${now.name}`);
  current = "";
  summarize();
  showCorrections();
  showChosen();
  if (hadFocus) by("rows").querySelector("[aria-current]")?.focus();
}

// What was found and is no longer there as it was.
function outdated() {
  const kept = new Set(now.rows.filter((x) => !markOf(now, x))
    .map((x) => x.from));
  return now.original.filter((row) => !kept.has(row.from));
}

function summarize() {
  const limits = new Set(now.thresholds.slice(0, now.scores.length));
  const above = limits.size > 1 ? "the threshold of their class" :
    [...limits][0];
  const one = now.rows.length === 1 ? "segment" : "segments";
  let text = `${now.rows.length} ${one}`;
  if (!isCorrected(now)) text += ` scored above ${above}`;
  const counts = now.classes.map((name, k) => [now.rowsOf[k].length, name]);
  const parts = counts.filter((x) => x[0]).map((x) => x.join(" "));
  if (parts.length) text += `: ${parts.join(", ")}`;
  if (now.truth) text += `. Ground truth: ${now.truth.length}`;
  by("summary").textContent = `${text}.`;
}

// The lines of segments that stay are left alone: making them is slow.
const lines = new WeakMap();

function fill(id, rows) {
  const body = by(id);
  const wanted = rows.map((row) => {
    if (!lines.has(row)) lines.set(row, lineOf(row));
    return lines.get(row);
  });
  const kept = new Set(wanted);
  for (const line of [...body.children]) if (!kept.has(line)) line.remove();
  let next = body.firstChild;
  for (const line of wanted) {
    if (line === next) next = line.nextSibling;
    else body.insertBefore(line, next);
  }
}

function lineOf(row) {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  const button = document.createElement("button");
  const name = now.classes[row.k], isFound = row.from !== undefined;
  head.scope = "row";
  button.type = "button";
  button.textContent = name;
  button.setAttribute("aria-label", `${name} at ${clock(row.start)}`);
  button.style.setProperty("--hue", hue(row.k));
  button.addEventListener("click", () => {
    if (isFound) choose(row);
    seekStart(row.start);
  });
  head.append(button);
  line.append(head);
  const texts = [clock(row.start), clock(row.end)];
  if (isFound) texts.push(kindOf(row));
  for (const text of texts) {
    const cell = document.createElement("td");
    cell.className = "number";
    cell.textContent = text;
    line.append(cell);
  }
  if (isFound && markOf(now, row)) line.dataset.mark = markOf(now, row);
  return line;
}

// The chosen segment, in the table and beneath the timeline.
function showChosen() {
  const row = now.chosen;
  by("rows").querySelector("[aria-current]")?.removeAttribute("aria-current");
  const line = by("rows").children[row ? now.rows.indexOf(row) : -1];
  line?.querySelector("button").setAttribute("aria-current", "true");
  by("chosen").textContent = row ?
    `${now.classes[row.k]}, ${span(row)}, ` +
    `${framesOf(row)[1] - framesOf(row)[0]} frames` : "No segment is chosen.";
  if (row) by("label").selectedIndex = row.k;
  for (const id of ["join", "delete"]) by(id).disabled = !row;
}

function showCorrections() {
  const counts = Object.entries(countMarks(now)).filter((x) => x[1]);
  const words = counts.map(([kind, count]) => `${count} ${kind}`);
  const open = page.videos.filter((each) => !isSaved(each)).length;
  const kept = open ? "Not saved yet; this browser keeps it." : "";
  by("corrections").textContent = words.length ?
    `Corrected: ${words.join(", ")}. ${kept}` : kept;
  by("undo").disabled = now.at === 0;
  by("redo").disabled = now.at === now.steps.length - 1;
  by("revert").disabled = !isCorrected(now);
  const option = by("videos").options[page.videos.indexOf(now)];
  option.textContent = now.name + (isCorrected(now) ? " (corrected)" : "");
}

function say(text) {
  by("said").textContent = text;
}
