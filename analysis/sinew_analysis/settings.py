"""The resolved config that a result holds, as far as the report tells of it."""

import re


class Settings:
    """Values by key, `economics.ledger`, and the records of interventions and scenarios, as texts."""

    def __init__(self, text):
        self.values, self.interventions, self.scenarios = {}, {}, {}
        section, record, path = "", None, []
        for line in text.splitlines():
            found = re.match(r"( *)(- )?([\w-]+):(?: (.*))?$", line)
            if not found:
                continue
            depth, item, key = len(found[1]), found[2], found[3]
            value = (found[4] or "").strip().strip('"')
            if depth == 0:
                section, record = key, None
                self.values[key] = value
            elif section in ("interventions", "scenarios", "screening"):
                if item and depth == 2:
                    record = self._records(section).setdefault(value, {})
                    path = []
                elif record is not None:
                    path = path[: (depth - 4) // 2] + [key]
                    record[".".join(path)] = value
            elif section != "parameters" and depth in (2, 4):
                path = path[: depth // 2 - 1] + [key]
                self.values[".".join([section, *path])] = value

    def _records(self, section):
        return self.scenarios if section == "scenarios" else self.interventions

    def get(self, key, default=""):
        return self.values.get(key, default)
