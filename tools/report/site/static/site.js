"use strict";
// The charts, the filters and the copying of tables. The data are in the pages and in data/*.js.

const DAY = new Intl.DateTimeFormat("en-CA", {timeZone: "UTC", year: "numeric", month: "2-digit", day: "2-digit"});
const COMMIT_URL = "https://github.com/Exa-Networks/exabgp/commit/";
const COLOURS = ["--main", "--five", "--four"];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function amount(value, unit) {
  if (value === null) return "no number";
  // Why there is none.
  if (typeof value === "string") return value;
  if (unit === "seconds") {
    for (const [factor, name] of [[1, "s"], [1e3, "ms"], [1e6, "μs"], [1e9, "ns"]])
      if (Math.abs(value) * factor >= 1 || name === "ns") return (value * factor).toPrecision(3) + name;
  }
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return Number(value.toPrecision(4)).toLocaleString("en-US", {maximumFractionDigits: 6});
}

function change(before, after) {
  if (typeof before !== "number" || typeof after !== "number") return ["–", "none"];
  if (before === after) return ["=", "same"];
  const css = after > before ? "worse" : "better";
  if (before <= 0 || after <= 0) return [`${amount(before)} → ${amount(after)}`, css];
  const ratio = after / before;
  if (ratio >= 3) return [`×\u00a0${Number(ratio.toPrecision(3))}`, css];
  const percent = (ratio - 1) * 100, size = Math.abs(percent);
  const text = percent.toFixed(size >= 10 ? 0 : size >= 0.1 ? 1 : 2).replace("-", "−");
  return [`${percent > 0 ? "+" : ""}${text}\u00a0%`, css];
}

// Charts -------------------------------------------------------------------------------------------------------------

// A row for each commit at which a run begins or ends: its date, and the number of each branch. Between the rows
// dygraphs draws a line: level within a run, and a slope where nobody has measured what lies between two of them.
function rowsOf(chart, branches) {
  const rows = new Map();
  branches.forEach((branch, column) => {
    const dates = COMMITS[branch].date;
    let before = -Infinity;
    for (const [first, last, value] of chart.branches[branch]) {
      for (const place of first === last ? [first] : [first, last]) {
        // Commits of one second would be drawn as one.
        const when = Math.max(dates[place] * 1000, before + 1);
        before = when;
        if (!rows.has(when)) rows.set(when, {values: Array(branches.length).fill(null), places: Array(branches.length)});
        // A NaN breaks the line, a null does not.
        rows.get(when).values[column] = value === null ? NaN : value;
        rows.get(when).places[column] = place;
      }
    }
  });
  return [...rows].sort((a, b) => a[0] - b[0]);
}

function draw(figure) {
  const chart = JSON.parse(figure.querySelector("script").textContent);
  // The first branch is drawn last, on top of what the others share with it.
  const branches = Object.keys(COMMITS).filter(branch => chart.branches[branch]).reverse();
  const rows = rowsOf(chart, branches);
  const plot = figure.querySelector(".plot"), readout = figure.querySelector(".readout");
  const small = figure.classList.contains("small");
  const colours = branches.map(branch => colour(COLOURS[Object.keys(COMMITS).indexOf(branch) % COLOURS.length]));
  const legend = () => branches.map((branch, index) => {
    const dot = element("span", {className: "dot"});
    dot.style.background = colours[index];
    return element("span", {className: "key"}, dot, branch);
  });
  readout.replaceChildren(...legend());
  const show = (when, branch) => {
    const row = rows.find(([at]) => at === when)[1], column = branches.indexOf(branch);
    const place = row.places[column], commits = COMMITS[branch];
    const link = element("a", {className: "hash", href: COMMIT_URL + commits.hash[place], textContent: commits.hash[place]});
    readout.replaceChildren(...legend(), element("br"),
      `${amount(row.values[column], chart.unit)} ${chart.unit === "seconds" ? "" : chart.unit} on ${branch}, ` +
      `${DAY.format(commits.date[place] * 1000)} `, link, ` ${commits.subject[place]}`);
  };
  const table = rows.map(([when, {values}]) => [new Date(when), ...values]);
  // A library that expects two points or more.
  if (table.length === 1) table.push([new Date(rows[0][0] + 86400000), ...Array(branches.length).fill(null)]);
  const dygraph = new Dygraph(plot, table, {
    labels: ["date", ...branches],
    colors: colours,
    connectSeparatedPoints: true,
    drawPoints: rows.length < 400,
    pointSize: 1.5,
    strokeWidth: 1.75,
    highlightCircleSize: 5,
    highlightSeriesOpts: {},
    includeZero: true,
    labelsUTC: true,
    showLabelsOnHighlight: false,
    legend: "never",
    labelsDiv: element("div"),
    axisLineColor: colour("--line"),
    gridLineColor: colour("--line"),
    gridLineWidth: 0.5,
    axes: {
      x: {drawGrid: false, pixelsPerLabel: 60},
      y: {axisLabelWidth: 62, pixelsPerLabel: 40, axisLabelFormatter: value => amount(value, chart.unit)},
    },
    highlightCallback: (event, when, points, row, branch) => show(when, branch),
    pointClickCallback: (event, point) => {
      const at = rows.find(([when]) => when === point.xval)[1];
      const column = branches.indexOf(point.name);
      if (at && column >= 0) location.href = COMMIT_URL + COMMITS[point.name].hash[at.places[column]];
    },
    underlayCallback: (canvas, area, dygraph) => releases(canvas, area, dygraph, small),
  });
  figure.dygraph = dygraph;
}

// A line for each release, and the names of those that have room.
function releases(canvas, area, dygraph, small) {
  canvas.save();
  canvas.strokeStyle = colour("--release");
  canvas.fillStyle = colour("--quiet");
  canvas.font = "11px system-ui, sans-serif";
  canvas.textAlign = "center";
  let free = area.x;
  for (const [name, date] of RELEASES) {
    const x = dygraph.toDomXCoord(date * 1000);
    if (x < area.x || x > area.x + area.w) continue;
    canvas.beginPath();
    canvas.moveTo(x, area.y + 14);
    canvas.lineTo(x, area.y + area.h);
    canvas.stroke();
    const width = canvas.measureText(name).width;
    if (x - width / 2 > free && x + width / 2 < area.x + area.w) {
      canvas.fillText(name, x, area.y + 11);
      free = x + width / 2 + 10;
    }
  }
  canvas.restore();
}

function drawWhenSeen() {
  const figures = [...document.querySelectorAll("figure.chart")];
  if (!figures.length) return;
  const seen = new IntersectionObserver(entries => {
    for (const entry of entries)
      if (entry.isIntersecting) {
        seen.unobserve(entry.target);
        draw(entry.target);
      }
  }, {rootMargin: "200px"});
  figures.forEach(figure => seen.observe(figure));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    figures.filter(figure => figure.dygraph).forEach(figure => { figure.dygraph.destroy(); draw(figure); }));
}

// Tables as Markdown -------------------------------------------------------------------------------------------------

function cellText(cell) {
  const text = cell.innerText.replace(/\s+/g, " ").replace(/\|/g, "\\|").trim();
  const link = cell.querySelector("a.hash");
  return link && link.href ? text.replace(link.textContent, `[${link.textContent}](${link.href})`) : text;
}

function markdown(table) {
  const [head, ...body] = [...table.rows].filter(row => !row.hidden);
  const line = cells => `| ${cells.join(" | ")} |`;
  const rule = [...head.cells].map(cell => (cell.classList.contains("number") ? "--:" : "---"));
  return [line([...head.cells].map(cellText)), line(rule), ...body.map(row => line([...row.cells].map(cellText)))].join("\n") + "\n";
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page from a folder, or not over HTTPS, has no clipboard of its own.
    const area = element("textarea", {value: text});
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

function offerCopies() {
  for (const table of document.querySelectorAll("table")) {
    const button = element("button", {type: "button", className: "copy", textContent: "Copy as Markdown"});
    button.addEventListener("click", async () => {
      await copy(markdown(table));
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy as Markdown"; }, 1500);
    });
    const box = table.closest(".scroll") || table;
    box.after(button);
  }
}

// Filters: what they say is in the address, which can be shared --------------------------------------------------------

function remember(form) {
  const said = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const field = form.elements[name];
    const usual = field.tagName === "SELECT" ? ([...field.options].find(option => option.defaultSelected) || field.options[0] || {}).value : "";
    if (name !== "from" && name !== "to" && value !== usual) said.set(name, value);
  }
  const query = said.size ? `?${said}` : location.pathname;
  const hash = form.elements.from ? `#${form.elements.from.value}..${form.elements.to.value}` : location.hash;
  history.replaceState(null, "", query + hash);
}

function recall(form) {
  for (const [name, value] of new URLSearchParams(location.search)) if (form.elements[name]) form.elements[name].value = value;
}

const words = text => text.toLowerCase().split(/\s+/).filter(Boolean);

const FILTERS = {
  benchmarks(form) {
    const wanted = words(form.q.value);
    let shown = 0;
    for (const section of document.querySelectorAll("main section")) {
      let some = 0;
      for (const row of section.querySelectorAll("tbody tr")) {
        row.hidden = !wanted.every(word => row.dataset.text.includes(word));
        some += !row.hidden;
      }
      section.hidden = !some;
      shown += some;
    }
    form.querySelector("output").textContent = `${shown} benchmarks`;
  },
  steps(form) {
    const wanted = words(form.q.value), body = document.querySelector("table.steps tbody");
    const rows = [...body.rows], most = form.dataset.all ? Infinity : 100;
    rows.forEach((row, index) => { row.dataset.place = row.dataset.place || index; });
    const key = form.order.value === "effect" ? row => -Number(row.dataset.effect) : row => Number(row.dataset.place);
    if (form.dataset.order !== form.order.value) body.append(...rows.sort((a, b) => key(a) - key(b)));
    form.dataset.order = form.order.value;
    let shown = 0;
    const target = decodeURIComponent(location.hash.slice(1));
    for (const row of rows) {
      const of = row.dataset;
      const fits = (wanted.every(word => of.text.includes(word)) && Number(of.size) >= Number(form.least.value) &&
        (!form.branch.value || of.branch.split(" ").includes(form.branch.value)));
      shown += fits;
      row.hidden = row.id !== target && !(fits && shown <= most);
    }
    const more = document.getElementById("more");
    more.hidden = shown <= most;
    more.textContent = `Show all ${shown}`;
    more.onclick = () => { form.dataset.all = "yes"; FILTERS.steps(form); };
    form.querySelector("output").textContent = `${shown} of ${rows.length}`;
  },
  releases(form) {
    const index = name => NUMBERS.columns.findIndex(column => column[0] === name);
    const [from, to] = [index(form.from.value), index(form.to.value)];
    if (from < 0 || to < 0) return;
    const wanted = words(form.q.value), least = Number(form.least.value);
    const rows = [];
    let more = 0, less = 0, equal = 0;
    for (const [benchmark, parameters, unit, anchor, exact, values] of NUMBERS.series) {
      const [before, after] = [values[from], values[to]];
      if (typeof before !== "number" && typeof after !== "number") continue;
      const both = typeof before === "number" && typeof after === "number";
      if (both && exact) after > before ? more++ : after < before ? less++ : equal++;
      const size = !both ? 0 : before > 0 && after > 0 ? Math.abs(Math.log2(after / before)) : before === after ? 0 : 1;
      const text = `${benchmark} ${parameters} ${unit}`.toLowerCase();
      if (size > least - 1e-12 && (least < 0 || both) && wanted.every(word => text.includes(word)))
        rows.push([size, benchmark, parameters, unit, anchor, before, after]);
    }
    rows.sort((a, b) => b[0] - a[0]);
    const table = document.getElementById("releases");
    table.tHead.rows[0].cells[2].textContent = form.from.value;
    table.tHead.rows[0].cells[3].textContent = form.to.value;
    table.tBodies[0].replaceChildren(...rows.map(([, benchmark, parameters, unit, anchor, before, after]) => {
      const [text, css] = change(before, after);
      const name = element("td", {className: "what"}, element("a", {href: `benchmarks/${benchmark}.html#${anchor}`, innerHTML: benchmark.replace(/[._]/g, "$&<wbr>")}));
      if (parameters) name.append(" ", element("span", {className: "parameters", textContent: parameters}));
      const number = (content, css = "number") => element("td", {className: css}, content);
      return element("tr", {}, name, element("td", {className: "unit", textContent: unit}), number(amount(before, unit), "number before"),
        number(amount(after, unit)), number(element("span", {className: css, textContent: text})));
    }));
    document.getElementById("verdict").textContent =
      `Of ${more + less + equal} exact numbers that both have, ${form.to.value} needs more in ${more} and less in ${less}; ${equal} are equal.`;
    form.querySelector("output").textContent = `${rows.length} shown`;
  },
};

function offerFilters() {
  const form = document.querySelector("form.filter");
  if (!form) return;
  if (form.elements.from) {
    const asked = decodeURIComponent(location.hash.slice(1)).split("..");
    const usual = [NUMBERS.from, NUMBERS.to];
    ["from", "to"].forEach((name, side) => {
      for (const [release, date] of [...NUMBERS.columns].reverse())
        form.elements[name].append(element("option", {value: release, textContent: `${release} (${date})`}));
      const known = NUMBERS.columns.some(column => column[0] === asked[side]);
      form.elements[name].value = known ? asked[side] : usual[side];
    });
  }
  recall(form);
  const apply = () => FILTERS[form.dataset.filter](form);
  form.addEventListener("input", () => { apply(); remember(form); });
  form.addEventListener("submit", event => event.preventDefault());
  apply();
  // What the address names may have been hidden, or elsewhere, until now.
  const target = location.hash && !form.elements.from && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) target.scrollIntoView();
}

offerFilters();
drawWhenSeen();
offerCopies();
