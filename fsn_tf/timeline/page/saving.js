// What was corrected as a file: a download, made here, sent nowhere.

const quoted = (text) => /[",\r\n]|^\s|\s$/.test(text) ?
  `"${text.replaceAll('"', '""')}"` : text;

function csv() {
  const lines = ["video,start,end,label"];
  for (const each of page.videos) {
    const name = quoted(each.name);
    for (const { k, start, end } of each.rows) {
      lines.push(`${name},${start},${end},${quoted(each.classes[k])}`);
    }
    // A name alone is a video that shows no action.
    if (!each.rows.length) lines.push(`${name},,,`);
  }
  return `${lines.join("\n")}\n`;
}

function activitynet() {
  const entries = page.videos.map((each) => [each.name, {
    subset: "training",
    duration: each.seconds,
    annotations: each.rows.map(({ k, start, end }) =>
      ({ label: each.classes[k], segment: [start, end] })),
  }]);
  const value = {
    version: "VERSION 1.3",
    database: Object.fromEntries(entries),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function webvtt() {
  const time = (ticks) => {
    const pad = (x, n = 2) => String(x).padStart(n, "0");
    const seconds = Math.floor(ticks / 1000), minutes = Math.floor(seconds / 60);
    return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}:` +
      `${pad(seconds % 60)}.${pad(ticks % 1000, 3)}`;
  };
  const escaped = (text) => text.replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const cues = now.rows.map(({ k, start, end }) => {
    const first = Math.round(start * 1000);
    const stop = Math.max(Math.round(end * 1000), first + 1);
    return `\n${time(first)} --> ${time(stop)}\n${escaped(now.classes[k])}\n`;
  });
  return `WEBVTT\n${cues.join("")}`;
}

const FORMATS = {
  csv: { text: csv, type: "text/csv", name: () => "corrected.csv" },
  activitynet: {
    text: activitynet,
    type: "application/json",
    name: () => "corrected.json",
  },
  webvtt: { text: webvtt, type: "text/vtt", name: () => `${now.name}.vtt` },
};

function save() {
  const format = FORMATS[by("format").value], name = format.name();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(
    new Blob([format.text()], { type: format.type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  const held = format === FORMATS.webvtt ? [now] : page.videos;
  for (const each of held) each.saved = each.rows;
  const one = held.length === 1 ? held[0].name : `all ${held.length} videos`;
  say(`Saved ${name}, with ${one}.`);
  showCorrections();
}
