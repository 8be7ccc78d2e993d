"""Examples for the OpenAPI document: one invented line of a table, and the answer with all that follows from it."""

from typing import Any

A_SHEET: dict[str, Any] = {
    "source": {"title": "Statistical yearbook"},
    "offences": [{"code": "torture", "articles": ["347-1"], "labels": ["Torture"]}],
    "tables": [
        {
            "key": "courts",
            "register": "courts",
            "rows": [{"year": 2012, "printed_rate": "49 %", "written": 30, "confirmed": 15, "unsubstantiated": 14}],
            "rate_of": ["confirmed", "written"],
            "balance": [["written"], ["confirmed", "unsubstantiated"]],
            "counts": {"subject": "torture_complaints", "columns": ["written"]},
        }
    ],
    "statements": [{"key": "growing", "about": "courts.written", "values": {"2011": 31, "2012": 30}, "claim": {"kind": "rising"}}],
    "sums": [{"key": "deaths", "stated_total": 10, "parts": {"illness": 6, "other": 4}}],
}

SOME_STATISTICS: dict[str, Any] = {
    "programme": {"id": "0197a3c2-0000-7000-8000-000000000001"},
    "version": 1,
    "computed": {"taxonomy_version": "1.1.0", "digest": "b6fb49a68485134999d612b92c2ccb52d2a907f43b22f8eb55f5c66e87c52c64"},
    **A_SHEET,
    "recomputed": {
        "tables": [
            {
                "key": "courts",
                "register": "courts",
                "rows": [
                    {
                        "row": "2012",
                        "year": 2012,
                        "article": None,
                        "rate": {
                            "part": 15,
                            "whole": 30,
                            "percent": "50.0000",
                            "flag": "printed_differs",
                            "printed": "49",
                            "as_printed": "50",
                        },
                        "balance": {
                            "sides": [{"columns": ["written"], "total": 30}, {"columns": ["confirmed", "unsubstantiated"], "total": 29}],
                            "difference": 1,
                            "holds": False,
                        },
                    }
                ],
                "by_year": [
                    {
                        "year": 2012,
                        "columns": {"written": 30, "confirmed": 15, "unsubstantiated": 14},
                        "rate": {"part": 15, "whole": 30, "percent": "50.0000", "flag": None},
                        "balance": {
                            "sides": [{"columns": ["written"], "total": 30}, {"columns": ["confirmed", "unsubstantiated"], "total": 29}],
                            "difference": 1,
                            "holds": False,
                        },
                    }
                ],
                "by_article": [],
                "total": {
                    "columns": {"written": 30, "confirmed": 15, "unsubstantiated": 14},
                    "rate": {"part": 15, "whole": 30, "percent": "50.0000", "flag": None},
                    "balance": {
                        "sides": [{"columns": ["written"], "total": 30}, {"columns": ["confirmed", "unsubstantiated"], "total": 29}],
                        "difference": 1,
                        "holds": False,
                    },
                },
            }
        ],
        "claims": [
            {
                "statement": "growing",
                "about": "statement:growing",
                "claim": "rising",
                "against": [{"value": [31, 30], "source": "statement:growing/values"}],
                "holds": False,
            }
        ],
        "sums": [{"key": "deaths", "stated_total": 10, "parts": 10, "holds": True}],
    },
    "observed": [
        {
            "year": 2012,
            "cases": [{"id": "0197a3c2-0000-7000-8000-0000000000a1", "code": "A"}],
            "complainants": 18,
            "at_least": True,
            "by_form": [{"form": "written", "label": "Written", "n": 18}],
            "official": [
                {"table": "courts", "column": "written", "official": 30, "observed": 18, "at_least": True, "suggests_gap": True},
                {"table": "courts", "column": "all", "official": 30, "observed": 18, "at_least": True, "suggests_gap": True},
            ],
        }
    ],
    "discrepancies": [
        {
            "check": "parts_against_total",
            "subject": "courts/2012",
            "values": [
                {"value": 30, "source": "table:courts/2012/written"},
                {"value": 29, "source": "table:courts/2012/confirmed+unsubstantiated"},
            ],
            "statement": "Parts and total differ: Table courts, 2012: written = 30; confirmed + unsubstantiated = 29.",
        },
        {
            "check": "statement_against_figure",
            "subject": "statement:growing",
            "values": [{"value": "rising", "source": "statement:growing"}, {"value": [31, 30], "source": "statement:growing/values"}],
            "statement": "Statement and figure differ: Statement growing claims growth; from year to year its numbers are 31; 30.",
        },
        {
            "check": "rate_against_counts",
            "subject": "courts.rate/2012",
            "values": [
                {"value": "49", "source": "table:courts/2012/printed_rate"},
                {"value": "50", "source": "table:courts/2012/confirmed:written"},
            ],
            "statement": "Printed rate and counts differ: Table courts, 2012: 49 % is printed, 15 of 30 is 50 %.",
        },
    ],
}
