"""Examples of summaries for the OpenAPI document: a small invented trial, cut to one of each kind of thing."""

from typing import Any

_CASE = "0197a3c2-0000-7000-8000-0000000000a1"
_PROGRAMME = "0197a3c2-0000-7000-8000-000000000001"
_OBSERVATION = "6f9619ff-8b86-4d01-8b42-00cf4fc964ff"
_DOCUMENT = "0197a3c2-0000-7000-8000-0000000000d1"
_PERSON = "0197a3c2-0000-7000-8000-0000000000c1"
_DIGEST = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
_COVERED = {"hearings_known": 4, "hearings_observed": 3, "hearing_coverage": "3/4"}
_COVERAGE: dict[str, Any] = {
    **_COVERED,
    "observers": ["OBS1", "OBS2"],
    "language_able": ["OBS1"],
    "language_able_share": "1/2",
    "statements": [
        {
            "id": "not_all_hearings_observed",
            "numbers": {"known": 4, "observed": 3},
            "text": "3 of 4 known hearings were observed; what happened at the others is not known.",
        }
    ],
}


def _trace(of: str, key: str, count: int) -> dict[str, Any]:
    return {"count": count, "href": f"/v1/{of}/figures/{key}/sources"}


A_CASE: dict[str, Any] = {
    "case": {"id": _CASE, "code": "T-1", "monitoring": "partly", "defendants_stated": 2, "verdict_on": "2020-06"},
    "computed": {"taxonomy_version": "1.1.0", "case_revision": 41, "statuses": ["accepted"], "digest": _DIGEST},
    "provisional": False,
    "coverage": _COVERAGE,
    "figures": [
        {
            "key": "complaints.by_role",
            "type": "table",
            "label": "Complainants by role",
            "value": [{"role": "defendant", "n": 1}],
            "at_least": True,
            "readings": [
                {"reading": "A", "value": [{"role": "defendant", "n": 1}]},
                {"reading": "B", "value": [{"role": "witness", "n": 1}]},
            ],
            "trace": _trace(f"cases/{_CASE}", "complaints.by_role", 2),
        },
        {
            "key": "complaints.defendants_share",
            "type": "share",
            "label": "Share of defendants who complained",
            "value": {"part": 1, "whole": 2, "percent": "50.0"},
            "at_least": True,
            "trace": _trace(f"cases/{_CASE}", "complaints.defendants_share", 3),
        },
        {
            "key": "investigations.opened",
            "type": "count",
            "label": "Investigations opened on complaints",
            "value": None,
            "trace": _trace(f"cases/{_CASE}", "investigations.opened", 0),
        },
    ],
    "complaints": {
        "funnel": [{"stage": "raised", "yes": 1, "no": 0, "unknown": 0}],
        "ledger": [
            {
                "participant": "D01",
                "role": "defendant",
                "form": "written",
                "stages": {"raised": "yes", "mentioned_in_judgment": "no"},
                "response": ["not_recorded"],
                "observations": [_OBSERVATION],
            }
        ],
    },
    "restrictions": [
        {
            "order": 1,
            "indicators": ["access.media_all_banned"],
            "kinds": ["all_media_banned"],
            "first_hearing": "H-01",
            "ordered_by": ["judge"],
            "observations": [_OBSERVATION],
        }
    ],
    "language": ["kk"],
    "retractions": [{"participant": "W01", "reasons": ["torture"], "observations": [_OBSERVATION]}],
    "counsel": ["counsel.chosen_lawyer_denied"],
    "outcomes": {
        "convicted": 2,
        "acquitted": 0,
        "custodial": 1,
        "conditional": 1,
        "released": None,
        "held": None,
        "unattributed": 0,
        "commuted": {"count": None},
        "changes": [{"participant": "D01", "from_months": 84, "to_months": 60}],
        "consistency": [{"check": "K1", "holds": True, "left": 2, "right": 2}],
    },
    "rights": [
        {
            "right": "access_for_observers",
            "group": "publicity",
            "label": "Access of observers, media and relatives",
            "rating": "partially_respected",
            "status": "firm",
            "rule": "PR1",
            "confidence": "low",
            "incidents": [
                {
                    "indicator": "access.media_all_banned",
                    "unit": "H-01",
                    "level": "E2",
                    "effective_severity": 3,
                    "contested": False,
                    "filings": [_OBSERVATION],
                    "deciding": True,
                }
            ],
            "contested": [],
            "reported_concerns": [],
            "good_practices": [],
            "neutral_facts": [],
            "assessed_units": 1,
            "unit_coverage": "1/4",
        }
    ],
    "groups": [
        {
            "group": "publicity",
            "label": "Openness of the trial",
            "rating": "partially_respected",
            "members": {"public_hearing": "not_observed", "access_for_observers": "partially_respected", "open_judgment": None},
            "stated_findings": [{"note": "RV1", "target": "publicity", "status": "stated_violation"}],
        }
    ],
    "grade": {
        "value": "not_graded",
        "rule": "G1",
        "status": "computed",
        "confidence": None,
        "reason": "too_little_observed",
        "gross": [],
        "outcome_effect": False,
        "significant_harm": False,
        "rated_rights": 1,
    },
    "disagreements": [
        {
            "hearing": "H-01",
            "kind": "answer",
            "what": "torture_complaint.form",
            "unit": "D01",
            "values": [{"value": "written", "observers": ["OBS1"]}, {"value": "oral", "observers": ["OBS2"]}],
            "decision": {"value": "written", "by": "COO", "at": "2026-11-25T09:00:00.000000Z"},
        }
    ],
    "not_assessable": [
        {"hearing": "H-02", "kind": "count", "what": "complaints_witnesses", "unit": "H-02", "observer": "OBS2", "value": 0}
    ],
    "discrepancies": [
        {
            "check": "role_differs",
            "subject": "participant:D01",
            "values": [
                {"value": "defendant", "source": "document:report page 6"},
                {"value": "witness", "source": "document:report page 7"},
            ],
            "statement": "Role differs between sources: participant D01. document report: Defendant (at trial); document report: Witness.",
        }
    ],
    "notes": [{"kind": "assumption", "key": "AS1", "values": {"defendants": 2}}],
    "caveats": [{"caveat": "hearings_unobserved"}],
}

A_PROGRAMME: dict[str, Any] = {
    "programme": {"id": _PROGRAMME},
    "computed": {"taxonomy_version": "1.1.0", "statuses": ["accepted"], "digest": _DIGEST},
    "provisional": False,
    "cases": [{"id": _CASE, "code": "T-1", "coverage": _COVERED, "monitoring": "partly", "revision": 41}],
    "coverage": _COVERAGE,
    "figures": [
        {
            "key": "coverage.cases",
            "type": "count",
            "label": "Cases",
            "value": 1,
            "trace": _trace(f"programmes/{_PROGRAMME}", "coverage.cases", 1),
        }
    ],
    "rights": [{"right": "public_hearing", "label": "Public hearing", "ratings": {"not_observed": ["T-1"]}}],
    "discrepancies": [],
    "notes": [{"kind": "coverage", "key": "CV1", "values": {"caveat": "parallel_trials"}}],
    "caveats": [{"caveat": "hearings_unobserved", "cases": ["T-1"]}],
}

AN_EXPLANATION: dict[str, Any] = {
    "right": "access_for_observers",
    "label": "Access of observers, media and relatives",
    "rating": "partially_respected",
    "status": "firm",
    "rule": "PR1",
    "confidence": "low",
    "fired": [{"rule": "PR1", "rating": "partially_respected", "counted": 1, "at_least": 1, "sentence": "Rule PR1: …"}],
    "incidents": [
        {
            "indicator": "access.media_all_banned",
            "label": "All media banned",
            "unit": "H-01",
            "level": "E2",
            "effective_severity": 3,
            "contested": False,
            "deciding": True,
            "filings": [_OBSERVATION],
            "reports": [
                {
                    "hearing": "H-01",
                    "said": [
                        {
                            "observer": "OBS1",
                            "filing": _OBSERVATION,
                            "indicator": "access.media_all_banned",
                            "value": "present",
                            "basis": "seen",
                            "comprehension": "full",
                            "document": None,
                        }
                    ],
                    "against": [],
                }
            ],
            "sentence": "All media banned, hearing H-01: …",
        }
    ],
    "changes": [
        {
            "kind": "withdrawn",
            "rule": "NO",
            "rating": "not_observed",
            "lacks": 1,
            "incidents": [{"indicator": "access.media_all_banned", "unit": "H-01"}],
            "sentence": "If this incident fell, …",
        }
    ],
    "sentences": ["Access of observers, media and relatives: Partially respected. Confidence: low."],
}

SOME_SOURCES: dict[str, Any] = {
    "key": "complaints.by_role",
    "reading": None,
    "cell": "defendant",
    "count": 3,
    "observations": [_OBSERVATION],
    "outcomes": [],
    "documents": [_DOCUMENT],
    "notes": [],
    "participants": [_PERSON],
    "hearings": [],
    "cases": [],
    "members": [],
    "programmes": [],
}
