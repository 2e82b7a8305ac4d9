/* The start page: the search field over the links of the page itself, and the names on the map. */
(function () {
  "use strict";

  var KINDS = { gebied: "gemeente", kpi: "KPI", samen: "KPI in deze gemeente", boven: "gebied" };

  var simple = impactKpi.vereenvoudigd;

  function entry(link) {
    var isArea = link.dataset.zoek === "gebied";
    var code = link.dataset.code;
    var name = link.textContent.trim().replace(/\s+/g, " ");
    var kind = !isArea ? "kpi" : code.indexOf("GM") === 0 ? "gebied" : "boven";
    var also = kind === "gebied" && link.dataset.ook ? ", ook " + link.dataset.ook : "";
    return {
      kind: kind,
      code: code,
      naam: name,
      soort: KINDS[kind] + also,
      href: link.getAttribute("href"),
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
      return { naam: area.naam + ": " + kpi.naam, soort: KINDS.samen, href: kpi.href + "?g=" + area.code };
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
    var status = document.getElementById("zoekstand");
    var items = Array.prototype.map.call(document.querySelectorAll("[data-zoek]"), entry);
    var kpis = items.filter(function (item) {
      return item.kind === "kpi";
    });
    var areas = items.filter(function (item) {
      return item.kind !== "kpi";
    });
    var isGuess = false;

    function find(text) {
      var asked = simple(text);
      isGuess = false;
      if (!asked) return [];
      var found = search(items, asked);
      if (!found.length) found = together(areas, kpis, asked);
      if (!found.length) {
        isGuess = true;
        found = nearest(areas, asked);
      }
      return found;
    }

    function told(text, found) {
      if (!simple(text)) return "";
      if (!found.length) return "Niets gevonden. Alle gemeenten en KPI’s staan onderaan deze pagina.";
      if (isGuess) return "Niets gevonden met die naam. Bedoelt u een van deze?";
      var most = impactKpi.keuzelijst.MOST;
      var rest = found.length > most ? ", de eerste " + most + " staan in de lijst" : "";
      return found.length + " gevonden" + rest;
    }

    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
    });
    impactKpi.keuzelijst(document.getElementById("zoekveld"), document.getElementById("zoeklijst"), {
      zoek: find,
      kies: function (option) {
        window.location.href = option.href;
      },
      stand: function (text, found) {
        status.textContent = told(text, found);
        status.classList.toggle("alleen-lezer", !isGuess);
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
