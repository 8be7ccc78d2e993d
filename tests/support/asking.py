"""Asking for aggregates as their readers do."""


class Asking:
    """Asks for the aggregates of one programme."""

    def __init__(self, server, programme, token) -> None:
        self.server, self.programme, self.token = server, programme, token

    def answer(self, measure, *group_by, token=None, **filters):
        params = {"programme_id": self.programme, "measure": measure, **{name.rstrip("_"): value for name, value in filters.items()}}
        if group_by:
            params["group_by"] = ",".join(group_by)
        return self.server.get("/v1/aggregates", params=params, token=token or self.token)

    def __call__(self, measure, *group_by, **filters):
        answer = self.answer(measure, *group_by, **filters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, measure, *group_by, **filters):
        """The values by those of the dimensions."""
        found = self(measure, *group_by, **filters)["rows"]
        return {tuple(row[name] for name in group_by): row["value"] for row in found}

    def total(self, measure, *group_by, **filters):
        return self(measure, *group_by, **filters)["total"]
