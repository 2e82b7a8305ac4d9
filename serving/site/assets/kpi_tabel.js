/* The table of a KPI: filter by name, order by a column, and the highlighted gemeente. */
(function () {
  "use strict";

  var body = document.getElementById("kpi-regels");
  if (!body || !impactKpi.kpi) {
    return;
  }
  var rows = Array.from(body.rows);
  var heads = Array.from(document.querySelectorAll("#kpi-tabel th[data-sorteer]"));
  var collator = new Intl.Collator("nl", { numeric: true });

  function sleutel(row, index, kind) {
    var cell = row.cells[index];
    if (!cell || (index > 0 && cell.classList.contains("geen"))) {
      return null;
    }
    if (kind === "waarde") {
      return cell.dataset.w ? Number(cell.dataset.w) : null;
    }
    return cell.textContent.trim();
  }

  /* What has no figure stays below, whichever way the column is ordered. */
  function vergelijk(one, other, way) {
    if (one === null || other === null) {
      return (one === null) - (other === null);
    }
    return way * (typeof one === "number" ? one - other : collator.compare(one, other));
  }

  function sorteer(head) {
    var way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    var index = head.cellIndex;
    var keyed = rows.map(function (row) {
      return { row: row, key: sleutel(row, index, head.dataset.sorteer) };
    });
    keyed.sort(function (one, other) {
      return vergelijk(one.key, other.key, way);
    });
    body.append.apply(body, keyed.map(function (item) { return item.row; }));
    heads.forEach(function (other) {
      other.removeAttribute("aria-sort");
    });
    head.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
  }

  heads.forEach(function (head) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "sorteer";
    button.textContent = head.textContent;
    button.addEventListener("click", function () {
      sorteer(head);
    });
    head.replaceChildren(button);
  });

  var filter = document.getElementById("kpi-filter");
  var field = document.getElementById("kpi-zoek");
  var count = document.getElementById("kpi-aantal");
  filter.hidden = rows.length < 12;
  field.addEventListener("input", function () {
    var wanted = impactKpi.vereenvoudigd(field.value);
    var shown = 0;
    rows.forEach(function (row) {
      row.hidden = !impactKpi.vereenvoudigd(row.textContent + " " + (row.dataset.ook || "")).includes(wanted);
      shown += row.hidden ? 0 : 1;
    });
    count.textContent = wanted ? shown + " van " + rows.length + " regels" : "";
  });

  impactKpi.kpi.bijKeuze(function (code) {
    rows.forEach(function (row) {
      row.classList.toggle("gekozen", row.dataset.code === code);
    });
  });
})();
