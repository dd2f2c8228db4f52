"use strict";
// Filters, sorting and grouping. Without this script the page shows all jobs.
//
// The form is the only state: every change is read from it, shown, and kept in
// the fragment of the URL, so that a view can be shared and returned to.

const form = document.querySelector("form");
const table = document.querySelector("table");
const tiles = [...document.querySelectorAll("[data-kind]")];
const collator = new Intl.Collator(undefined, { numeric: true });

// A tag can be selected by its key, and with its value.
const tagsOf = (row) => Object.entries(JSON.parse(row.dataset.tags))
  .flatMap(([key, value]) => (value === "" ? [key] : [key, `${key}: ${value}`]));

const jobs = table ? [...table.tBodies[0].rows].map((row) => ({
  row,
  text: row.textContent.toLowerCase(),
  error: row.dataset.error.trim(),
  finding: row.dataset.finding.split(" "),
  status: [row.dataset.status],
  region: [row.dataset.region],
  type: [row.dataset.type],
  tag: tagsOf(row),
})) : [];
const filters = ["finding", "status", "region", "type", "tag"];
const heads = table ? [...table.tHead.rows[0].cells] : [];

// A select without a choice is hidden.
const fillSelect = (name) => {
  const counts = new Map();
  jobs.flatMap((job) => job[name]).forEach((value) => counts.set(value, (counts.get(value) ?? 0) + 1));
  const select = form.elements[name];
  [...counts].sort(([a], [b]) => collator.compare(a, b))
    .forEach(([value, count]) => select.add(new Option(`${value} (${count})`, value)));
  select.parentElement.hidden = [...counts.values()].every((count) => count === jobs.length);
};

const matches = (job, chosen) =>
  filters.every((name) => !chosen.get(name) || job[name].includes(chosen.get(name))) &&
  job.text.includes(chosen.get("q").trim().toLowerCase());

// Jobs without a value come last in either direction.
const sorted = (list, order) => {
  const direction = order.startsWith("-") ? -1 : 1;
  const column = heads.findIndex((head) => head.dataset.sort === order.replace("-", ""));
  const value = ({ row }) => row.cells[column].dataset.value;
  return [...list].sort((a, b) => (value(a) === "") - (value(b) === "") ||
    direction * (Number(value(a)) - Number(value(b)) || collator.compare(value(a), value(b))));
};

// The largest group comes first, jobs without an error last.
const grouped = (list) => {
  const groups = new Map();
  list.forEach((job) => groups.set(job.error, [...(groups.get(job.error) ?? []), job]));
  return [...groups].sort(([a, as], [b, bs]) => (a === "") - (b === "") || bs.length - as.length);
};

// Text of others only ever becomes a text node.
const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const groupHead = (error, count) => {
  const text = element("span", { className: "clip", dir: "auto" }, error || "No error");
  return element("tr", { className: "group" }, element("th", { colSpan: heads.length, scope: "rowgroup" },
    element("b", {}, count === 1 ? "1 job" : `${count} jobs`),
    error.length > 140 ? element("details", {}, element("summary", {}, text)) : text));
};

// The settings that differ from those of an untouched form.
const settingsOf = (chosen) => new URLSearchParams(
  [...chosen].filter(([name, value]) => value !== "" && !(name === "sort" && value === "finding")));

const show = () => {
  const chosen = new FormData(form);
  const list = sorted(jobs.filter((job) => matches(job, chosen)), chosen.get("sort"));
  const bodies = chosen.get("group")
    ? grouped(list).map(([error, group]) => element("tbody", {}, groupHead(error, group.length), ...group.map(({ row }) => row)))
    : [element("tbody", {}, ...list.map(({ row }) => row))];
  [...table.tBodies].forEach((body) => body.remove()); // The head stays, and with it the focus.
  table.append(...bodies);
  table.hidden = list.length === 0;
  document.querySelector(".empty").hidden = list.length > 0;

  tiles.forEach((tile) => { tile.ariaPressed = String(tile.dataset.kind === chosen.get("finding")); });
  const order = chosen.get("sort");
  heads.forEach((head) => head.removeAttribute("aria-sort"));
  heads.find((head) => head.dataset.sort === order.replace("-", "")).ariaSort = order.startsWith("-") ? "descending" : "ascending";

  const settings = settingsOf(chosen);
  form.querySelector("output").textContent = list.length === jobs.length ? `${jobs.length} jobs` : `${list.length} of ${jobs.length} jobs`;
  form.querySelector(".clear").hidden = settings.size === 0;
  return settings;
};

const keep = () => history.replaceState(null, "", `#${show()}`);

// Values that this report does not have, as in an old link, are ignored.
const load = () => {
  form.reset();
  form.elements.finding.value = "";
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    const control = form.elements[name];
    if (control?.type === "checkbox") control.checked = value === control.value;
    else if (control?.options) control.value = [...control.options].some((option) => option.value === value) ? value : control.options[0].value;
    else if (name === "q" || tiles.some((tile) => tile.dataset.kind === value && !tile.disabled)) control.value = value;
  }
  show();
};

const makeSortable = (head) => {
  const name = head.dataset.sort;
  const button = element("button", { type: "button" }, ...head.childNodes);
  button.addEventListener("click", () => {
    form.elements.sort.value = form.elements.sort.value === name ? `-${name}` : name;
    keep();
  });
  head.append(button);
};

if (table) {
  filters.filter((name) => name !== "finding").forEach(fillSelect);
  heads.forEach(makeSortable);
  form.addEventListener("input", keep);
  form.addEventListener("submit", (event) => event.preventDefault());
  tiles.forEach((tile) => tile.addEventListener("click", () => {
    form.elements.finding.value = tile.ariaPressed === "true" ? "" : tile.dataset.kind;
    keep();
  }));
  form.querySelector(".clear").addEventListener("click", () => {
    history.replaceState(null, "", "#");
    load();
  });
  const toggle = form.querySelector(".toggle");
  toggle.addEventListener("click", () => { toggle.ariaExpanded = String(toggle.ariaExpanded !== "true"); });
  addEventListener("hashchange", load);
  form.hidden = false;
  load();
}
