/* The start page: the search field over the links of the page itself, and the names on the map. */
(function () {
  "use strict";

  var MOST = 10;
  var KINDS = { gebied: "gemeente", kpi: "KPI", samen: "KPI in deze gemeente", boven: "gebied" };

  var simple = impactKpi.vereenvoudigd;

  function entry(link) {
    var isArea = link.dataset.zoek === "gebied";
    var code = link.dataset.code;
    var name = link.textContent.trim().replace(/\s+/g, " ");
    return {
      kind: !isArea ? "kpi" : code.indexOf("GM") === 0 ? "gebied" : "boven",
      code: code,
      name: name,
      href: link.getAttribute("href"),
      also: link.dataset.ook || "",
      keys: [simple(name), simple(link.dataset.ook || ""), simple(code)].filter(Boolean),
      more: simple(link.dataset.woorden || ""),
    };
  }

  /* Whether every word that is asked for begins a word of the text. */
  function holds(text, words) {
    var padded = " " + text;
    return words.every(function (word) {
      return padded.indexOf(" " + word) >= 0;
    });
  }

  /* How well an entry fits, 0 best; undefined when it does not. */
  function fit(item, asked) {
    var words = asked.split(" ");
    var ranks = item.keys.map(function (key) {
      if (key === asked) return 0;
      if (key.indexOf(asked) === 0) return 1;
      if (holds(key, words)) return 2;
      return asked.length > 2 && key.indexOf(asked) >= 0 ? 3 : 9;
    });
    var best = Math.min.apply(null, ranks);
    if (best === 9 && item.kind === "gebied" && /^[0-9]{1,4}$/.test(asked)) {
      return item.code === "GM" + ("000" + asked).slice(-4) ? 0 : undefined;
    }
    if (best < 9) return best;
    if (item.more && asked.length > 2) {
      if (holds(item.more, words)) return 4;
      if (item.more.indexOf(asked) >= 0) return 5;
    }
    return undefined;
  }

  /* Everything that fits, best first; beside an exact name or number only what begins with it. */
  function search(items, asked) {
    var found = items
      .map(function (item, index) {
        return { item: item, rank: fit(item, asked), index: index };
      })
      .filter(function (one) {
        return one.rank !== undefined;
      })
      .sort(function (a, b) {
        return a.rank - b.rank || a.index - b.index;
      });
    var isExact = found.length > 0 && found[0].rank === 0;
    return found
      .filter(function (one) {
        return !isExact || one.rank < 2;
      })
      .map(function (one) {
        return one.item;
      });
  }

  /* "Breda schulden": the KPIs that fit the one half, each with the gemeente of the other half marked. */
  function together(areas, kpis, asked) {
    var words = asked.split(" ");
    var found = [];
    for (var cut = 1; cut < words.length; cut += 1) {
      var halves = [words.slice(0, cut).join(" "), words.slice(cut).join(" ")];
      found = found.concat(pairs(areas, kpis, halves[0], halves[1]), pairs(areas, kpis, halves[1], halves[0]));
    }
    return found;
  }

  function pairs(areas, kpis, areaAsked, kpiAsked) {
    if (areaAsked.length < 3 || kpiAsked.length < 2) return [];
    var area = areas.filter(function (item) {
      var rank = fit(item, areaAsked);
      return rank !== undefined && rank < 2;
    })[0];
    if (!area) return [];
    return search(kpis, kpiAsked).map(function (kpi) {
      return { kind: "samen", name: area.name + ": " + kpi.name, href: kpi.href + "?g=" + area.code };
    });
  }

  /* How many letters two words differ. */
  function distance(a, b) {
    var row = [];
    for (var j = 0; j <= b.length; j += 1) row[j] = j;
    for (var i = 1; i <= a.length; i += 1) {
      var corner = row[0];
      row[0] = i;
      for (var k = 1; k <= b.length; k += 1) {
        var cost = Math.min(row[k] + 1, row[k - 1] + 1, corner + (a[i - 1] === b[k - 1] ? 0 : 1));
        corner = row[k];
        row[k] = cost;
      }
    }
    return row[b.length];
  }

  function nearest(areas, asked) {
    return areas
      .map(function (item) {
        return { item: item, away: distance(item.keys[0], asked) };
      })
      .filter(function (found) {
        return found.away <= Math.max(1, Math.floor(asked.length / 4));
      })
      .sort(function (a, b) {
        return a.away - b.away;
      })
      .slice(0, 3)
      .map(function (found) {
        return found.item;
      });
  }

  function startSearch() {
    var form = document.getElementById("zoek");
    var field = document.getElementById("zoekveld");
    var list = document.getElementById("zoeklijst");
    var status = document.getElementById("zoekstand");
    var items = Array.prototype.map.call(document.querySelectorAll("[data-zoek]"), entry);
    var kpis = items.filter(function (item) {
      return item.kind === "kpi";
    });
    var areas = items.filter(function (item) {
      return item.kind !== "kpi";
    });
    var shown = [];
    var active = -1;

    function find(text) {
      var asked = simple(text);
      if (!asked) return { found: [], guess: false };
      var found = search(items, asked);
      if (!found.length) found = together(areas, kpis, asked);
      if (found.length) return { found: found, guess: false };
      return { found: nearest(areas, asked), guess: true };
    }

    function option(item, index) {
      var line = document.createElement("li");
      line.id = "zoek-" + index;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      var name = document.createElement("span");
      name.textContent = item.name;
      var kind = document.createElement("span");
      kind.className = "soort";
      kind.textContent = KINDS[item.kind] + (item.kind === "gebied" && item.also ? ", ook " + item.also : "");
      line.append(name, " ", kind);
      line.addEventListener("mousedown", function (event) {
        event.preventDefault();
      });
      line.addEventListener("click", function () {
        go(item);
      });
      return line;
    }

    function show() {
      var result = find(field.value);
      shown = result.found.slice(0, MOST);
      active = -1;
      field.removeAttribute("aria-activedescendant");
      list.replaceChildren.apply(list, shown.map(option));
      setOpen(shown.length > 0);
      status.textContent = told(result);
      status.classList.toggle("alleen-lezer", !result.guess);
    }

    function told(result) {
      if (!simple(field.value)) return "";
      if (!result.found.length) return "Niets gevonden. Alle gemeenten en KPI’s staan onderaan deze pagina.";
      if (result.guess) return "Niets gevonden met die naam. Bedoelt u een van deze?";
      var rest = result.found.length > MOST ? ", de eerste " + MOST + " staan in de lijst" : "";
      return result.found.length + " gevonden" + rest;
    }

    function setOpen(isOpen) {
      list.hidden = !isOpen;
      field.setAttribute("aria-expanded", String(isOpen));
      if (!isOpen) mark(-1);
    }

    function mark(index) {
      if (active >= 0 && list.children[active]) list.children[active].setAttribute("aria-selected", "false");
      active = index;
      if (active < 0) {
        field.removeAttribute("aria-activedescendant");
        return;
      }
      var line = list.children[active];
      line.setAttribute("aria-selected", "true");
      field.setAttribute("aria-activedescendant", line.id);
      line.scrollIntoView({ block: "nearest" });
    }

    function go(item) {
      window.location.href = item.href;
    }

    function step(by) {
      if (list.hidden) {
        show();
        if (list.hidden) return;
      }
      var count = shown.length;
      mark(active < 0 ? (by > 0 ? 0 : count - 1) : (active + by + count) % count);
    }

    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (list.hidden) show();
      if (shown.length) go(shown[Math.max(active, 0)]);
    });
    field.addEventListener("input", show);
    field.addEventListener("blur", function () {
      setOpen(false);
    });
    field.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        step(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Escape") {
        event.preventDefault();
        if (list.hidden) field.value = "";
        setOpen(false);
        status.textContent = "";
      }
    });
  }

  /* The name beside the gemeente that is pointed at or has the focus. */
  function startMap() {
    var map = document.getElementById("kaart");
    var label = document.getElementById("kaartnaam");
    if (!map || !label) return;

    function show(event) {
      var link = event.target.closest("a");
      if (!link) return hide();
      var frame = map.getBoundingClientRect();
      var box = link.getBoundingClientRect();
      label.textContent = link.getAttribute("aria-label");
      label.hidden = false;
      var left = box.left + box.width / 2 - frame.left - label.offsetWidth / 2;
      var top = box.top - frame.top - label.offsetHeight - 4;
      label.style.left = Math.max(0, Math.min(left, frame.width - label.offsetWidth)) + "px";
      label.style.top = (top < 0 ? box.bottom - frame.top + 4 : top) + "px";
    }

    function hide() {
      label.hidden = true;
    }

    map.addEventListener("mouseover", show);
    map.addEventListener("mouseleave", hide);
    map.addEventListener("focusin", show);
    map.addEventListener("focusout", hide);
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape") hide();
    });
  }

  startSearch();
  startMap();
})();
