"""What the field's checklists ask an evaluation to report, filled from the result: CHEERS 2022, AdViSHE, the good practices of
ISPOR and SMDM, and the impact inventory of the Second Panel. What a result cannot know is left to its authors, and said so.

Husereau and others 2022, BMJ 376:e067975; Vemer and others 2016, Pharmacoeconomics 34:349; Eddy and others 2012 and Briggs and
others 2012, Med Decis Making 32:733 and 32:722; Sanders and others 2016, JAMA 316:1093. Items are named in our own short words.
"""

from dataclasses import dataclass
from pathlib import Path

from . import decision
from .settings import Settings

WRITE = "to be written"


@dataclass
class Item:
    """One line: its number, what is asked, what the result says, what is left to the authors ("" for nothing)."""

    number: str
    asked: str
    said: str
    left: str = ""


@dataclass
class Checklist:
    key: str
    title: str
    items: list

    @property
    def open(self):
        return sum(bool(item.left) for item in self.items)


class Facts:
    """What the checklists draw on."""

    def __init__(self, results):
        self.attrs = results.attrs
        self.scenarios = [str(name) for name in results.labels("scenario")]
        self.draws = max(0, len(results.labels("draw")) - 1)
        self.ages = results.labels("age")
        text = results.config
        self.settings = Settings(text)
        cost = results.get("cost")
        self.unit = cost.units if cost else "USD"
        self.perspective = str(cost.attrs.get("perspective", "health-care sector")) if cost else "none: no costs kept"
        self.decided = decision.section(results.path)
        self.rows = decision.rows_of(results.path)
        folder = Path(results.path).parent
        self.validated = (folder / "validation.csv").is_file()
        self.varying = results.varying_parameters

    def has(self, table):
        return any(row["table"] == table for row in self.rows)


def checklists(results):
    """All of them, for a result with several scenarios; none for others."""
    if len(results.labels("scenario")) < 2 or not results.config:
        return []
    facts = Facts(results)
    return [Checklist("cheers", "CHEERS 2022", _cheers(facts)),
            Checklist("inventory", "Impact inventory", _inventory(facts)),
            Checklist("advishe", "AdViSHE", _advishe(facts)),
            Checklist("practices", "Good practices of ISPOR and SMDM", _practices(facts))]


def _who(facts):
    mode, year, until = (facts.settings.get(f"population.{name}") for name in ("mode", "year", "until"))
    share = float(facts.settings.get("population.female_share") or 0.5)
    sexes = "" if mode != "birth_cohort" else ", women" if share == 1 else ", men" if share == 0 else f", {100 * share:.0f} % women"
    people = {"birth_cohort": "a birth cohort followed from 20", "cross_section": "the adults of one year",
              "study": "a study's sample", "open": f"the adults of a nation in {year}, and those who join them until {until}"}.get(mode, mode)
    persons = int(float(facts.settings.get("population.persons") or 0))
    return f"{persons:,} people of {people}{sexes}; life table {_file(facts, 'population.life_table')} of " \
           f"{facts.settings.get('population.life_table_year')}"


def _file(facts, key):
    return Path(facts.settings.get(key, "")).name


def _setting(facts):
    table = _file(facts, "economics.cost_table")
    return "rates of falls and fractures of the United States" + \
        (f"; unit costs of {table}" if table not in ("", "none") else "") + f"; prices in {facts.unit}"


def _comparators(facts):
    found = []
    for name in facts.scenarios:
        record = facts.settings.scenarios.get(name, {})
        used = [one for key in ("interventions", "screening") for one in record.get(key, "").strip("[]").split(", ") if one]
        titles = [facts.settings.interventions.get(one, {}).get("title", one) for one in used]
        found.append(f"{name}: {'; '.join(titles) if titles else 'current care, as the rates of the country contain it'}")
    return "; ".join(found)


def _costs(facts):
    sources = {name: record.get("cost.source", "") for name, record in facts.settings.interventions.items()}
    said = "; ".join(f"{name}: {source}" for name, source in sources.items() if source)
    return f"{facts.settings.get('economics.ledger')} ledger; unit costs and their sources in /parameters" + \
        (f"; of interventions: {said}" if said else "")


def _discounting(facts):
    row = facts.rows[0] if facts.rows else None
    if row and not row["from_age"]:
        return "none: budget impact by calendar year"
    costs = row["discount_costs"] if row else facts.settings.get("economics.discount_costs", "0.03")
    qalys = row["discount_qalys"] if row else facts.settings.get("economics.discount_qalys", "0.03")
    start = row["from_age"] if row else facts.settings.get("economics.discount_from", "birth_cohort_start")
    if facts.settings.get("population.mode", "birth_cohort") != "birth_cohort":
        to = "the day people are met"
    else:
        to = f"age {20 if start == 'birth_cohort_start' else start}"
    return f"costs {100 * float(costs):g} %, QALYs {100 * float(qalys):g} % a year, to {to}"


def _uncertainty(facts):
    if facts.draws == 0:
        return "point estimate only: run with uncertainty.draws"
    return f"{facts.draws:,} draws of {facts.varying} parameters from their priors" + \
        (" and the posterior of calibration" if facts.settings.get("uncertainty.posterior") not in ("", "none") else "") + \
        "; value of information, one-way and two-way analyses by regression on the draws"


def _answers(facts):
    return " ".join(facts.decided.answers) if facts.decided else "no decision lies beside the result: sinew decide -o"


def _cheers(f):
    groups = "women and men apart; choosing for each sex" if f.has("group") else ""
    equity = "equity weights and equally distributed equivalent health by sex" if f.has("equity") else ""
    title = str(f.attrs.get("title", ""))
    last = int(f.ages[-1]) + 1
    return [
        Item("1", "Title", title, "name it an economic evaluation and the strategies compared"),
        Item("2", "Abstract", "", WRITE),
        Item("3", "Background and objectives", "", WRITE),
        Item("4", "Health economic analysis plan", f"the config is the plan: SHA-256 {str(f.attrs.get('config_sha256', ''))[:12]}",
             "say whether it was laid down beforehand and where"),
        Item("5", "Study population", _who(f)),
        Item("6", "Setting and location", _setting(f), "what makes the setting matter"),
        Item("7", "Comparators", _comparators(f), "why these"),
        Item("8", "Perspective", f.perspective, "why this one"),
        Item("9", "Time horizon", f"to the {last}th birthday; survivors are cut off there", "why it is long enough"),
        Item("10", "Discount rate", _discounting(f), "why these"),
        Item("11", "Selection of outcomes", "QALYs, life years, falls, fractures, frailty, nursing homes, costs"),
        Item("12", "Measurement of outcomes", "simulated person by person; the parameters' sources are in /parameters"),
        Item("13", "Valuation of outcomes", "EQ-5D norms of the United States, multipliers of conditions (section utility of "
             "/parameters)"),
        Item("14", "Measurement and valuation of resources and costs", _costs(f)),
        Item("15", "Currency, price date, conversion", f"{f.unit}, by the index {f.settings.get('economics.index')}"),
        Item("16", "Rationale and description of the model", "individual-level simulation, a page beside each part of the "
             f"program; {f.attrs.get('source', '')}, free to use", "why such a model was needed"),
        Item("17", "Analytics and assumptions", "luck shared by all strategies; lists `Assumed` of the pages; sources "
             "beginning with `assumption:` in /parameters"),
        Item("18", "Heterogeneity", groups, "" if groups else "run sinew decide for both sexes"),
        Item("19", "Distributional effects", equity, "" if equity else "run sinew decide --equity, or say why not"),
        Item("20", "Uncertainty", _uncertainty(f), "" if f.draws else "run with draws"),
        Item("21", "Engagement with patients and others: approach", "", WRITE),
        Item("22", "Study parameters", f"/parameters: value, unit, prior, source; {f.varying} vary"),
        Item("23", "Main results", _answers(f), "" if f.decided else "run sinew decide"),
        Item("24", "Effect of uncertainty", "acceptability, expected loss, value of information, tornado: above"
             if f.decided else "", "" if f.decided else "run sinew decide"),
        Item("25", "Engagement with patients and others: effect", "", WRITE),
        Item("26", "Findings, limitations, generalisability", "limits of the model: README", WRITE),
        Item("27", "Source of funding", "", WRITE),
        Item("28", "Conflicts of interest", "", WRITE),
    ]


def _inventory(f):
    health, medicare, society = (f.perspective == name for name in ("health-care sector", "Medicare", "society"))
    parts = f.settings.get("economics.societal_parts", "")
    counted = {name: society and (name in parts or parts == "all") for name in ("informal_care", "production", "consumption")}
    medical = "counted" if health or society else "Medicare's share" if medicare else "cost of illness only"

    def yes(whether):
        return "counted" if whether else "not counted"

    return [
        Item("health", "Years lived and quality of life of patients", "counted"),
        Item("health", "Quality of life of carers", "not counted"),
        Item("medical", "Costs paid by third parties", medical),
        Item("medical", "Costs paid out of pocket", yes(health or society)),
        Item("medical", "Future costs, related and unrelated", medical),
        Item("informal", "Time of patients", "not counted"),
        Item("informal", "Time of unpaid carers of the disabled", yes(counted["informal_care"])),
        Item("informal", "Transport", "not counted"),
        Item("productivity", "Work lost after fractures below 65", yes(counted["production"])),
        Item("productivity", "Production of added years from 65 on", "within consumption, net" if counted["consumption"]
             else "not counted"),
        Item("productivity", "Production at home", "not counted"),
        Item("consumption", "Consumption of added years from 65 on, health care aside", yes(counted["consumption"])),
        Item("other", "Social services, justice, education, housing, environment", "not counted"),
    ]


def _advishe(f):
    compared = "figure `Beside published figures`, validation.csv" if f.validated else ""
    return [
        Item("A1", "Conceptual model: face validity", "pages beside the processes, with their sources", "judged by experts?"),
        Item("A2", "Conceptual model: against others", "", "compare with other models of fractures and falls"),
        Item("B1", "Input data: face validity", "/parameters: source of each; assumptions are marked", "judged by experts?"),
        Item("B2", "Input data: fit of what was fitted", "calibration: stages, misses, posterior (src/calibration)"),
        Item("C1", "Program: external review", "", "was the code read by others?"),
        Item("C2", "Program: extreme values", "property tests of every process over the declared ranges"),
        Item("C3", "Program: traces of single people", "output.trajectories; a second program written apart agrees (tests/oracle)"),
        Item("C4", "Program: unit tests", "tests/unit, worked by hand; scripts/test runs all"),
        Item("D1", "Outcomes: face validity", "figures by sex and age above", "judged by experts?"),
        Item("D2", "Outcomes: against other models", "", "compare"),
        Item("D3", "Outcomes: with other input data", "sweeps; uncertainty.posterior: none"),
        Item("D4", "Outcomes: against observations", compared, "" if compared else "run sinew validate"),
        Item("E", "Other techniques", "mutation tests, sanitizers, equal digests on any CPU and number of ranks"),
    ]


def _practices(f):
    return [
        Item("1", "Question, population, perspective, horizon are said", "CHEERS 5 to 10"),
        Item("2", "Structure follows the disease, not the data", "pages beside the processes", "discuss alternatives"),
        Item("3", "Individual-level where history matters", "people keep fractures, frailty, treatment and residence"),
        Item("4", "Enough people for stable results", "Monte Carlo errors `_mcse`; luck's share by sinew decide --noise",
             "" if f.has("noise") else "give --noise"),
        Item("5", "Parameters: all evidence, its uncertainty, correlations", "priors, correlations.def, posterior"),
        Item("6", "Uncertainty: probabilistic, reported as curves and value of information", _uncertainty(f),
             "" if f.draws else "run with draws"),
        Item("7", "Uncertainty of structure", "alternatives that a parameter selects, by sweep", "run those that matter here"),
        Item("8", "Validation: face", "", "judged by experts?"),
        Item("9", "Validation: internal", "AdViSHE C2 to C4"),
        Item("10", "Validation: cross", "", "compare with other models"),
        Item("11", "Validation: external", "figure above" if f.validated else "", "" if f.validated else "run sinew validate"),
        Item("12", "Validation: predictive", "", "none was made"),
        Item("13", "Transparency: plain and technical description", "README, pages beside the code; the code itself"),
    ]
