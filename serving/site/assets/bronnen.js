/* The sources as the last night left them: read from the server, beside the publications. Without it the page stays. */
(function () {
  "use strict";

  var facts = JSON.parse(document.getElementById("bronnen-gegevens").textContent);
  var CHECK_KINDS = { fout: "fout", waarschuwing: "waarschuwing" };

  /* 2026-11-22T07:14:07+00:00 as 22-11-2026 07:14; the moments of a run are in UTC. */
  function moment(text) {
    var parts = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2}))?/.exec(text || "");
    if (!parts) return "";
    return parts[3] + "-" + parts[2] + "-" + parts[1] + (parts[4] ? " " + parts[4] : "");
  }

  function element(tag, text, className) {
    var made = document.createElement(tag);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function list(sentences) {
    var made = document.createElement("ul");
    sentences.forEach(function (sentence) {
      made.append(element("li", sentence));
    });
    return made;
  }

  function fill(row, selector, text) {
    var part = row.querySelector(selector);
    if (!part) return;
    part.textContent = text;
    part.hidden = !text;
  }

  function remarks(source) {
    var checks = (source.controles || []).map(function (check) {
      return check.melding;
    });
    return [source.melding].concat(checks).filter(function (text, index, all) {
      return text && all.indexOf(text) === index;
    });
  }

  function showSource(source) {
    var row = document.getElementById(source.bron_id);
    if (!row || row.dataset.bron !== source.bron_id) return;
    var looked = moment(source.gekeken_op);
    fill(row, "[data-woord]", facts.staten[source.state] || source.state);
    fill(row, "[data-ouderdom]", source.verouderd_sinds ? "verouderd sinds " + moment(source.verouderd_sinds) : "");
    fill(row, "[data-melding]", remarks(source).join(" "));
    fill(row, "[data-gekeken]", looked ? "laatst gekeken " + looked : "");
  }

  function states(sources) {
    var counts = {};
    sources.forEach(function (source) {
      counts[source.state] = (counts[source.state] || 0) + 1;
    });
    return Object.keys(facts.staten)
      .filter(function (state) {
        return counts[state];
      })
      .map(function (state) {
        return counts[state] + " " + facts.staten[state];
      })
      .join(", ");
  }

  function checkSentence(check, titles) {
    var about = titles[check.bron_id] || check.asset;
    var kind = CHECK_KINDS[check.ernst] || check.ernst;
    var kpis = check.kpis && check.kpis.length ? " Voedt " + check.kpis.join(", ") + "." : "";
    return about + " (" + kind + "): " + check.melding + kpis;
  }

  /* What failed, each once: checks first, then steps that failed without one. */
  function failed(run) {
    var titles = {};
    run.bronnen.forEach(function (source) {
      titles[source.bron_id] = source.titel;
    });
    var checks = run.controles || [];
    var told = checks.map(function (check) {
      return check.asset + ", toets " + check.naam + ": " + check.melding;
    });
    var other = (run.failures || []).concat(run.warnings || []).filter(function (sentence) {
      return told.indexOf(sentence) < 0;
    });
    return checks
      .map(function (check) {
        return checkSentence(check, titles);
      })
      .concat(other);
  }

  function showRun(run) {
    var place = document.getElementById("laatste-run");
    var outcome = run.gelukt
      ? "De verversing is gelukt."
      : "De verversing is mislukt: de publicatie van daarvoor blijft staan.";
    var problems = failed(run);
    place.replaceChildren(element("p", "Laatst gekeken: " + moment(run.klaar) + " (UTC). " + outcome));
    if (run.bronnen.length) place.append(element("p", "Bronnen: " + states(run.bronnen) + "."));
    if (problems.length) {
      place.append(element("p", "Wat de controles van de laatste nacht vonden:"), list(problems));
    } else if (run.gelukt) {
      place.append(element("p", "Geen enkele controle van de laatste nacht is mislukt."));
    }
  }

  function showAge(sources) {
    var stale = sources.filter(function (source) {
      return source.verouderd_sinds;
    });
    var place = document.getElementById("ouderdom");
    place.className = stale.length ? "melding" : "";
    place.textContent = !stale.length
      ? "Geen enkele bron in gebruik is verouderd."
      : "Verouderd, want de laatste keer lukte het ophalen niet: " +
        stale
          .map(function (source) {
            return source.titel + " (sinds " + moment(source.verouderd_sinds) + ")";
          })
          .join("; ") +
        ". De oudere editie blijft in gebruik.";
  }

  function show(run) {
    if (!run || run.soort !== facts.soort || !Array.isArray(run.bronnen)) return;
    showRun(run);
    if (run.publicatie && run.publicatie.publicatie_id !== facts.publicatie) {
      /* The states are those of other editions than the ones in this publication. */
      document.getElementById("laatste-run").append(
        element("p", "Er is een nieuwere publicatie: " + run.publicatie.publicatie_id + ". De lijst hieronder hoort bij deze.")
      );
      return;
    }
    /* A night that could not begin looked at nothing. */
    if (run.bronnen.length) showAge(run.bronnen);
    run.bronnen.forEach(showSource);
  }

  if (window.location.protocol.indexOf("http") !== 0) return;
  window
    .fetch(document.body.dataset.root + "../../laatste_run.json", { cache: "no-store" })
    .then(function (answer) {
      return answer.ok ? answer.json() : null;
    })
    .then(show)
    .catch(function () {
      /* No report of a night on this server: the page says as of when it is. */
    });
})();
