"""The steps of the main job (product.md §4), each as the people do it, and checked as it goes."""

import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.tie import STARTING, TieOrigin
from app.story import roster
from app.story.stage import WAIT_SECONDS, Player, Say, Stage, StoryFailed

CLINIC = "Lakeshore Animal Hospital"
TITLE = "Veterinary assistant internship"
# How strong a tie is at the beginning of a placement; its completion makes it stronger.
_FORMED = STARTING[TieOrigin.PLACEMENT]


@dataclass(frozen=True)
class WayIn:
    """How the district administrator gets into the tenant: a login, or an invitation not yet accepted."""

    tenant: str
    username: str = ""
    password: str = ""
    invitation: str | None = None


@dataclass
class Story:
    """Who plays, and what they have made so far."""

    stage: Stage
    tenant: str
    run: str = field(default_factory=lambda: secrets.token_hex(3))
    people: dict[str, Player] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def player(self, key: str, name: str) -> Player:
        """Bring somebody on."""
        player = self.people[key] = Player(self.stage, name)
        return player


def play(base_url: str, home: Path, way_in: WayIn, say: Say) -> None:
    """Play the whole story in a tenant, with its district administrator's login or invitation; raises StoryFailed."""
    story = Story(Stage(base_url, home / "mail", say), way_in.tenant)
    admin = story.player("admin", "The district administrator")
    for number, (title, step) in enumerate(
        (
            ("School IT loads the roster from the student information system", _roster),
            ("A parent offers her cousin at a veterinary clinic, in one minute", _offer),
            ("The cousin gets one message, sees what is held about her, and says yes", _consent),
            ("The coordinator vets the clinic; an internship with two seats is published", _publish),
            ("A student who has never met that family finds it, and asks to pursue it", _pursue),
            (
                "The coordinator approves with an expiry; the student lands it; the advisor approves the start",
                _start,
            ),
            ("The school clears it, and the placement becomes active", _activate),
        ),
        start=1,
    ):
        say(f"\n{number}. {title}")
        if number == 1:
            _enter(admin, way_in)
        step(story)
    _tell_where_it_came_from(story)
    say("\n8. The placement completes, and whom the student worked with is in the ledger of her ties")
    _complete(story)


def _enter(admin: Player, way_in: WayIn) -> None:
    username, password = way_in.username, way_in.password
    if way_in.invitation is not None:
        path = f"/v1/invitations/{way_in.invitation}"
        username, password = admin.get(path, "opens the invitation")["login"], admin.password
        admin.post(f"{path}/accept", "accepts it", json={"password": password})
    admin.sign_in(grant_type="password", username=username, password=password, tenant=way_in.tenant)


def _roster(story: Story) -> None:
    admin = story.people["admin"]
    school = f"Story High {story.run}"
    client = admin.post(
        "/v1/machine_clients",
        "lets the student information system in",
        json={"name": f"SIS {story.run}", "scopes": ["roster.write"]},
    )
    sis = story.player("sis", "The student information system")
    sis.sign_in(
        grant_type="client_credentials", client_id=client["client_id"], client_secret=client["client_secret"]
    )
    tried = sis.post(
        "/v1/imports/roster",
        "sends the roster, as a trial",
        content=roster.package(story.run, school),
        headers={"Content-Type": "application/zip"},
    )
    report = _wait_for_import(sis, tried["id"], "tried")
    story.stage.say(f"    the trial: {_counts(report)}")
    sis.post(f"/v1/imports/{tried['id']}/apply", "applies it", version=report["version"], json={})
    _wait_for_import(sis, tried["id"], "applied")
    story.ids["school"] = _only(
        [
            one
            for one in admin.get("/v1/schools", "looks for the school", params={"limit": 100})["items"]
            if one["name"] == school
        ],
        "school",
    )["id"]
    for key, given, family, _, _ in roster.PEOPLE:
        found = admin.get(
            "/v1/people", f"finds {given}", params={"school_id": story.ids["school"], "q": family}
        )
        story.ids[key] = _only([one for one in found["items"] if one["given_name"] == given], given)["id"]
    admin.post(
        "/v1/memberships",
        "makes Clara the coordinator (nobody becomes one by import)",
        json={"person_id": story.ids["clara"], "role": "coordinator", "school_id": story.ids["school"]},
    )
    _invite(story)


def _invite(story: Story) -> None:
    admin = story.people["admin"]
    with_mail = [key for key, *_ in roster.PEOPLE if key not in roster.WITHOUT_MAIL]
    admin.post(
        "/v1/invitations",
        "invites the adults by mail",
        json={"person_ids": [story.ids[key] for key in with_mail], "way": "mail"},
    )
    printed = admin.post(
        "/v1/invitations",
        "prints codes for the students, who have no e-mail",
        json={"person_ids": [story.ids[key] for key in sorted(roster.WITHOUT_MAIL)], "way": "code"},
    )
    codes = {one["person_id"]: one["code"] for one in printed["items"]}
    for key, given, _, role, _ in roster.PEOPLE:
        title = {"parent": "guardian", "teacher": "coordinator" if key == "clara" else "advisor"}.get(
            role, role
        )
        person = story.player(key, f"{given}, {title},")
        token = codes.get(story.ids[key]) or story.stage.letter(
            roster.address(key, story.run), r"/invitation/([\w-]+)"
        )
        shown = person.get(f"/v1/invitations/{token}", "opens the invitation")
        person.post(f"/v1/invitations/{token}/accept", "accepts it", json={"password": person.password})
        person.sign_in(
            grant_type="password", username=shown["login"], password=person.password, tenant=story.tenant
        )


def _offer(story: Story) -> None:
    cousin = roster.address("vera", story.run)
    made = story.people["rosa"].post(
        "/v1/connections",
        "offers her cousin",
        json={
            "person": {
                "given_name": "Vera",
                "family_name": "Castellanos",
                "email": cousin,
                "job_title": "veterinary technician",
            },
            "employer": {"name": f"{CLINIC} {story.run}", "city": "Lakeshore"},
            "domain": "family",
            "closeness": 3,
            "frequency": 3,
            "offers": ["host"],
        },
    )
    story.ids["connection"] = made["id"]
    story.people["maya"].refused("GET", f"/v1/connections/{made['id']}", "cannot see it yet", 404)
    story.people["clara"].act(f"/v1/connections/{made['id']}", "screen", "screens it")


def _consent(story: Story) -> None:
    vera = story.player("vera", "Vera, the cousin, without an account,")
    token = story.stage.letter(roster.address("vera", story.run), r"/consent/([\w-]+)")
    asked = vera.get(f"/v1/consents/{token}", "reads what is held about her")
    told = str(asked)
    if any(name in told for name in ("Maya", "Leo", "Rosa", "Reyes", "Okafor")):
        raise StoryFailed("the message to the contact names a member of the school community")
    story.stage.say(
        f"    suggested by {asked['suggested_by']}; held: {', '.join(one['label'] for one in asked['held'])}"
    )
    vera.post(f"/v1/consents/{token}/accept", "says yes")
    vera.refused("POST", f"/v1/consents/{token}/accept", "finds the link used up", 410)


def _publish(story: Story) -> None:
    clara = story.people["clara"]
    found = clara.get("/v1/employers", "looks for the clinic", params={"q": f"{CLINIC} {story.run}"})
    clinic = _only(found["items"], "clinic")
    story.ids["clinic"] = clinic["id"]
    clara.act(f"/v1/employers/{clinic['id']}", "vet", "vets it", reason="Visited; two vets on site, insured.")
    connection = clara.get(f"/v1/connections/{story.ids['connection']}", "sees the connection active now")
    _expect(connection["status"], "active", "the connection")
    made = clara.post(
        "/v1/opportunities",
        "drafts the internship",
        json={
            "title": f"{TITLE} {story.run}",
            "description": "Two afternoons a week beside a veterinary technician: admit animals, prepare rooms, assist.",
            "type": "internship_unpaid",
            "clusters": ["healthcare_human_services"],
            "employer_id": clinic["id"],
            "connection_id": story.ids["connection"],
            "school_id": story.ids["school"],
            "seats": 2,
            "schedule": "Tuesdays and Thursdays, 14:00-17:00",
        },
    )
    story.ids["opportunity"] = made["id"]
    clara.act(f"/v1/opportunities/{made['id']}", "submit", "submits it")
    clara.act(f"/v1/opportunities/{made['id']}", "publish", "publishes it")


def _pursue(story: Story) -> None:
    maya = story.people["maya"]
    maya.get("/v1/opportunities", "opens the pooled catalogue", params={"limit": 20})
    found = maya.get("/v1/opportunities", "searches", params={"q": f"veterinary {story.run}"})
    one = _only(found["items"], "internship")
    story.stage.say(
        f"    found: {one['title']} at {one['employer_name']}, {one['seats_free']} of {one['seats']} seats free"
    )
    maya.post("/v1/favorites", "keeps it on her wish list", json={"opportunity_id": one["id"]})
    made = maya.post(
        "/v1/pursuits",
        "asks to pursue it",
        json={"opportunity_id": one["id"], "message": "I want to become a vet."},
    )
    story.ids["pursuit"] = made["id"]


def _start(story: Story) -> None:
    path = f"/v1/pursuits/{story.ids['pursuit']}"
    today = datetime.now(UTC).date()
    clara, maya, ada = (story.people[key] for key in ("clara", "maya", "ada"))
    clara.get("/v1/pursuits", "sees what waits for her", params={"needs_me": "true"})
    asked = clara.get(path, "reads it")
    approved = clara.act(
        path,
        "approve",
        "approves it for three weeks",
        expires_on=(today + timedelta(days=21)).isoformat(),
        confirmed_checks=asked["checks"],
    )
    story.stage.say(f"    expires {approved['expires_at']}")
    maya.act(path, "land", "lands it: the clinic said yes")
    maya.act(
        path,
        "request_start",
        "asks to start",
        goals="Learn to admit and calm animals, and how a clinic plans its day.",
        schedule="Tuesdays and Thursdays, 14:00-17:00",
        starts_on=(today + timedelta(days=7)).isoformat(),
        ends_on=(today + timedelta(days=97)).isoformat(),
    )
    converted = ada.act(path, "approve_start", "approves the start")
    _expect(converted["status"], "converted", "the pursuit")
    placements = ada.get("/v1/placements", "sees the placement", params={"student_id": story.ids["maya"]})
    story.ids["placement"] = _only(placements["items"], "placement")["id"]


def _activate(story: Story) -> None:
    path = f"/v1/placements/{story.ids['placement']}"
    story.people["clara"].act(path, "clear", "clears it (until agreements exist, in place of signatures)")
    active = story.people["ada"].act(path, "activate", "starts it")
    _expect(active["status"], "active", "the placement")
    story.people["omar"].get(path, "sees his daughter's placement")
    story.people["rosa"].refused("GET", path, "does not: Maya is not her child", 404)


def _tell_where_it_came_from(story: Story) -> None:
    say = story.stage.say
    path = f"/v1/placements/{story.ids['placement']}/provenance"
    came = story.people["clara"].get(path, "asks where it came from")
    contributor: dict[str, Any] = came["contributor"]
    _expect(came["connection"]["id"], story.ids["connection"], "the connection behind the placement")
    _expect(contributor["id"], story.ids["rosa"], "the contributor")
    say(f"\nMaya Okafor's placement {story.ids['placement']} is active at {came['employer']['name']}.")
    say(f"It came through {contributor['name']}'s connection {story.ids['connection']}:")
    say("another family's cousin, whom Maya's family had never met.")


def _complete(story: Story) -> None:
    maya, path = story.people["maya"], f"/v1/placements/{story.ids['placement']}"
    done = story.people["ada"].act(path, "complete", "completes it")
    _expect(done["status"], "completed", "the placement")
    end = time.monotonic() + WAIT_SECONDS
    ties: list[dict[str, Any]] = []
    while time.monotonic() < end and not any(tie["strength"] > _FORMED for tie in ties):
        time.sleep(0.3)
        ties = maya.get("/v1/ties", "looks whom she knows now", params={"origin": "placement"})["items"]
    tie = _only(ties, "tie through the placement")
    _expect(tie["name"], "Vera Castellanos", "whom Maya worked with")
    story.stage.say(f"\nMaya's own network has grown by {tie['name']} (strength {tie['strength']} of 100).")


def _wait_for_import(sis: Player, import_id: str, status: str) -> dict[str, Any]:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        report = sis.get(f"/v1/imports/{import_id}", "asks how it went")
        if report["status"] not in {"queued", "running"}:
            _expect(report["status"], status, "the import")
            return report
        time.sleep(0.3)
    raise StoryFailed(f"the import was not {status} after {WAIT_SECONDS:.0f} s; is the worker running?")


def _counts(report: dict[str, Any]) -> str:
    return "; ".join(f"{one['file']}: {one['read']} read, {one['taken']} taken" for one in report["files"])


def _only(found: list[dict[str, Any]], what: str) -> dict[str, Any]:
    if len(found) != 1:
        raise StoryFailed(f"expected one {what}, found {len(found)}")
    return found[0]


def _expect(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise StoryFailed(f"{what} should be {expected}, and is {found}")
