"""What becomes of a hit for a channel: severity, routing, what was told, silences, hours, limits."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.alert import (
    Bucket,
    Case,
    Load,
    Policy,
    Silence,
    decide,
    digest_due,
    held_by,
    judge,
    next_digest,
    quiet_until,
)
from monitor.alert.decide import span
from monitor.types import AlertKind, Channel, DecisionKind, Digest, Expression, Hit, Match, Quiet, Rule, Severity

RIYADH = ZoneInfo("Asia/Riyadh")
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 21, 12, tzinfo=RIYADH).timestamp()  # a Saturday
NIGHT = datetime(2026, 11, 21, 23, 30, tzinfo=RIYADH).timestamp()
POLICY = Policy(zone=RIYADH)
DESK = Channel(id="desk", url="console://")
QUIET = Channel(id="desk", url="console://", quiet=(Quiet(start=23 * 60, end=6 * 60),))
LIMITED = Channel(id="desk", url="console://", limit=(2, 60.0))


def hit(severity: str = "high", rule: str = "drones", to: tuple[str, ...] = (), term: str = "درون") -> Hit:
    found = Rule(id=rule, name=rule, match=Expression(), severity=Severity(severity), to=to)
    return Hit(rule=found, severity=Severity(severity), matches=(Match(term, f"ال{term}", "text", 0, 4),))


def case(**known: object) -> Case:
    return Case(**{"published": NOON, **known})  # type: ignore[arg-type]


def kind(found: Hit, channel: Channel = DESK, now: float = NOON, policy: Policy = POLICY, **known: object) -> str:
    decision = decide(found, channel, case(**known), policy, now)
    assert decision.reason
    assert decision.channel == channel.id
    return decision.kind.value


@pytest.mark.parametrize(
    ("severity", "expected"), [("low", "stored"), ("medium", "digest"), ("high", "alert"), ("critical", "alert")]
)
def test_severity_decides(severity: str, expected: str) -> None:
    assert kind(hit(severity)) == expected


def test_a_rule_tells_only_the_channels_it_names() -> None:
    assert kind(hit(to=("mail",))) == "stored"
    assert kind(hit(to=("mail", "desk"))) == "alert"


def test_quiet_hours_hold_all_but_critical() -> None:
    decision = decide(hit(), QUIET, case(), POLICY, NIGHT)
    assert decision.kind == DecisionKind.held
    assert decision.until == datetime(2026, 11, 22, 6, tzinfo=RIYADH).timestamp()
    assert "06:00" in decision.reason
    assert kind(hit("critical"), QUIET, NIGHT) == "alert"
    assert kind(hit("medium"), QUIET, NIGHT) == "digest"
    assert kind(hit(), QUIET, NOON) == "alert"


def test_a_rule_is_told_once_a_story() -> None:
    assert kind(hit(), told=frozenset({"drones"})) == "joined"
    assert kind(hit("critical"), told=frozenset({"drones"})) == "joined"
    assert kind(hit("medium"), told=frozenset({"drones"})) == "joined"
    assert kind(hit(), told=frozenset({"grain"})) == "alert"


def test_what_waits_for_a_digest_joins_it_unless_it_became_more_severe() -> None:
    assert kind(hit("medium"), listed=frozenset({"drones"})) == "joined"
    assert kind(hit("high"), listed=frozenset({"drones"})) == "alert"


def test_critical_breaks_out_of_a_summary_to_come() -> None:
    assert kind(hit("critical"), QUIET, NIGHT, listed=frozenset({"drones"})) == "alert"


def test_an_edit_alerts_only_for_a_new_rule() -> None:
    fired = frozenset({"drones"})
    assert kind(hit(), arrival="edit", fired=fired) == "joined"
    assert kind(hit(rule="grain"), arrival="edit", fired=fired) == "alert"
    judged = judge([hit(), hit(rule="grain")], DESK, case(arrival="edit", fired=fired), POLICY, Load(), NOON)
    assert judged.message == AlertKind.update
    assert [h.rule.id for h in judged.alerting] == ["grain"]


def test_old_entries_are_stored() -> None:
    assert kind(hit(), published=NOON - 49 * 3600) == "stored"
    assert kind(hit(), published=NOON - 47 * 3600) == "alert"
    assert kind(hit("critical"), published=NOON - 49 * 3600) == "stored"


def test_a_first_poll_is_silent_a_fresh_installation_gets_a_digest() -> None:
    assert kind(hit("critical"), arrival="first") == "stored"
    assert kind(hit("critical"), arrival="catchup", published=NOON - 30 * 86400) == "digest"
    assert kind(hit("low"), arrival="catchup") == "stored"


def test_a_flapping_feed_is_stored_with_its_reason() -> None:
    decision = decide(hit(), DESK, case(arrival="silent", because="ids of the feed changed"), POLICY, NOON)
    assert (decision.kind, decision.reason) == (DecisionKind.stored, "ids of the feed changed")


def test_silences_expire_and_may_name_one_word() -> None:
    def under(*silences: Silence) -> str:
        return kind(hit(), policy=Policy(zone=RIYADH, silences=silences, fold=lambda t: t.replace("أ", "ا")))

    assert under(Silence(rule="drones", until=NOON + 60)) == "stored"
    assert under(Silence(rule="drones", until=NOON)) == "alert"
    assert under(Silence(rule="grain", until=NOON + 60)) == "alert"
    assert under(Silence(rule="drones", until=NOON + 60, only="درون")) == "stored"
    assert under(Silence(rule="drones", until=NOON + 60, only="الدرون")) == "stored"
    assert under(Silence(rule="drones", until=NOON + 60, only="مسيّرة")) == "alert"


def test_a_silenced_word_beside_another_still_alerts() -> None:
    both = Hit(rule=hit().rule, severity=Severity.high, matches=(*hit().matches, *hit(term="مسيّرة").matches))
    silence = Silence(rule="drones", until=NOON + 60, only="درون")
    assert kind(both, policy=Policy(zone=RIYADH, silences=[silence])) == "alert"


def test_one_message_names_all_rules_the_most_severe_first() -> None:
    hits = [hit("medium", "grain"), hit("high", "drones"), hit("critical", "nuclear"), hit("low", "people")]
    judged = judge(hits, DESK, case(), POLICY, Load(), NOON)
    assert judged.message == AlertKind.alert
    assert [h.rule.id for h in judged.alerting] == ["nuclear", "drones", "grain"]
    assert [d.kind.value for d in judged.decisions] == ["alert", "alert", "alert", "stored"]
    assert "nuclear" in judged.decisions[0].reason


def test_what_quiet_hours_would_hold_rides_along_with_critical() -> None:
    judged = judge([hit(), hit("critical", "nuclear")], QUIET, case(), POLICY, Load(), NIGHT)
    assert [d.kind.value for d in judged.decisions] == ["alert", "alert"]


def test_medium_waits_with_what_is_held() -> None:
    judged = judge([hit("medium", "grain"), hit()], QUIET, case(), POLICY, Load(), NIGHT)
    assert [d.kind.value for d in judged.decisions] == ["held", "held"]
    assert judged.decisions[0].until == judged.decisions[1].until > NIGHT
    assert judged.message is None
    assert {held_by([d.reason]) for d in judged.decisions} == {"quiet"}, "also where one is told alone"


def test_a_burst_becomes_a_summary() -> None:
    """Two messages a minute: the third and all that follow wait for one summary; critical ones don't."""
    load, kinds, untils = Load(), [], set()
    for second in range(5):
        judged = judge([hit()], LIMITED, case(), POLICY, load, NOON + second)
        load = judged.load
        kinds.append(judged.decisions[0].kind.value)
        untils.add(judged.decisions[0].until)
    assert kinds == ["alert", "alert", "held", "held", "held"]
    assert held_by([judged.decisions[0].reason]) == "limit"
    assert untils == {0.0, NOON + 2 + 60}
    assert judge([hit("critical")], LIMITED, case(), POLICY, load, NOON + 5).message == AlertKind.alert


@pytest.mark.parametrize(("limit", "waits"), [((2, 60.0), 60), ((2, 3600.0), 1800), ((100, 3600.0), 60)])
def test_a_summary_gathers_a_minute_or_until_the_limit_permits(limit: tuple[int, float], waits: float) -> None:
    channel, load = Channel(id="desk", url="console://", limit=limit), Load()
    for _ in range(limit[0]):
        load = judge([hit()], channel, case(), POLICY, load, NOON).load
    assert judge([hit()], channel, case(), POLICY, load, NOON).decisions[0].until == pytest.approx(NOON + waits)


def test_while_a_summary_gathers_nothing_overtakes_it() -> None:
    load = Load(held_until=NOON + 50)
    assert judge([hit()], LIMITED, case(), POLICY, load, NOON).decisions[0].until == NOON + 50
    assert judge([hit()], LIMITED, case(), POLICY, load, NOON + 50).message == AlertKind.alert


def test_a_clock_that_was_years_ahead_holds_nothing_back() -> None:
    """What a burst left behind then is not waited for, and the limit lets messages out again."""
    ahead = NOON + 10 * 365 * 86400
    load = Load(bucket=Bucket(used=2, at=ahead), held_until=ahead + 60)
    judged = judge([hit()], LIMITED, case(), POLICY, load, NOON)
    assert judged.decisions[0].until == NOON + 60
    assert judge([hit()], LIMITED, case(), POLICY, judged.load, NOON + 60).message == AlertKind.alert


def test_a_message_costs_one_token_whatever_it_names() -> None:
    judged = judge([hit(), hit(rule="grain")], LIMITED, case(), POLICY, Load(), NOON)
    assert judge([hit()], LIMITED, case(), POLICY, judged.load, NOON).message == AlertKind.alert


def test_without_a_limit_nothing_is_held() -> None:
    load = Load()
    for _ in range(500):
        judged = judge([hit()], DESK, case(), POLICY, load, NOON)
        load = judged.load
        assert judged.message == AlertKind.alert


class TestHours:
    def at(self, channel: Channel, when: datetime) -> datetime | None:
        until = quiet_until(channel, when.timestamp(), when.tzinfo or RIYADH)
        return datetime.fromtimestamp(until, when.tzinfo) if until else None

    def test_edges(self) -> None:
        """The first minute is quiet, the last one isn't."""
        assert self.at(QUIET, datetime(2026, 11, 21, 22, 59, 59, tzinfo=RIYADH)) is None
        assert self.at(QUIET, datetime(2026, 11, 21, 23, 0, tzinfo=RIYADH)) == datetime(2026, 11, 22, 6, tzinfo=RIYADH)
        assert self.at(QUIET, datetime(2026, 11, 22, 5, 59, tzinfo=RIYADH)) == datetime(2026, 11, 22, 6, tzinfo=RIYADH)
        assert self.at(QUIET, datetime(2026, 11, 22, 6, 0, tzinfo=RIYADH)) is None

    def test_weekdays_are_those_of_the_beginning(self) -> None:
        friday_night = Channel(id="d", url="", quiet=(Quiet(start=1380, end=360, weekdays=frozenset({4})),))
        assert self.at(friday_night, datetime(2026, 11, 20, 23, 30, tzinfo=RIYADH))
        assert self.at(friday_night, datetime(2026, 11, 21, 1, 0, tzinfo=RIYADH))
        assert not self.at(friday_night, datetime(2026, 11, 21, 23, 30, tzinfo=RIYADH))

    def test_touching_spans_are_one(self) -> None:
        channel = Channel(id="d", url="", quiet=(Quiet(start=1380, end=360), Quiet(start=360, end=480)))
        assert self.at(channel, NIGHT_IN) == datetime(2026, 11, 22, 8, tzinfo=RIYADH)

    def test_always_quiet_ends_some_day(self) -> None:
        channel = Channel(id="d", url="", quiet=(Quiet(start=0, end=0),))
        assert quiet_until(channel, NOON, RIYADH) > NOON

    @pytest.mark.parametrize("day", [(2026, 3, 28), (2026, 10, 24)])
    def test_clock_changes(self, day: tuple[int, int, int]) -> None:
        """The night that is an hour shorter or longer ends at six on the wall all the same."""
        begins = datetime(*day, 23, 30, tzinfo=BERLIN)
        end = self.at(QUIET, begins)
        assert end is not None
        assert (end.hour, end.day) == (6, day[2] + 1)

    def test_an_hour_that_comes_twice_is_quiet_both_times(self) -> None:
        channel = Channel(id="d", url="", quiet=(Quiet(start=60, end=150),))
        for fold in (0, 1):
            assert self.at(channel, datetime(2026, 10, 25, 2, 15, tzinfo=BERLIN, fold=fold))


NIGHT_IN = datetime(2026, 11, 21, 23, 30, tzinfo=RIYADH)


class TestDigests:
    daily = Channel(id="d", url="", digest=(Digest(hour=7, minute=0),))

    def due(self, channel: Channel, last: datetime, now: datetime) -> bool:
        return digest_due(channel, last.timestamp(), now.timestamp(), now.tzinfo or RIYADH)

    def test_once_a_day(self) -> None:
        yesterday = datetime(2026, 11, 20, 7, 0, 5, tzinfo=RIYADH)
        assert not self.due(self.daily, yesterday, datetime(2026, 11, 21, 6, 59, tzinfo=RIYADH))
        assert self.due(self.daily, yesterday, datetime(2026, 11, 21, 7, 0, tzinfo=RIYADH))
        sent = datetime(2026, 11, 21, 7, 0, 1, tzinfo=RIYADH)
        assert not self.due(self.daily, sent, datetime(2026, 11, 21, 23, 0, tzinfo=RIYADH))

    def test_missed_ones_become_one(self) -> None:
        """After three days off, one digest is due, and none after it."""
        last, now = datetime(2026, 11, 18, 7, 1, tzinfo=RIYADH), datetime(2026, 11, 21, 15, 0, tzinfo=RIYADH)
        assert self.due(self.daily, last, now)
        assert not self.due(self.daily, now, now)

    def test_weekdays(self) -> None:
        sundays = Channel(id="d", url="", digest=(Digest(hour=7, minute=0, weekdays=frozenset({6})),))
        friday = datetime(2026, 11, 20, 12, tzinfo=RIYADH)
        assert not self.due(sundays, friday, datetime(2026, 11, 21, 12, tzinfo=RIYADH))
        assert self.due(sundays, friday, datetime(2026, 11, 22, 7, tzinfo=RIYADH))

    def test_a_digest_in_quiet_hours_waits_for_their_end(self) -> None:
        channel = Channel(id="d", url="", digest=(Digest(hour=5, minute=0),), quiet=QUIET.quiet)
        last = datetime(2026, 11, 20, 6, 0, 1, tzinfo=RIYADH)
        assert not self.due(channel, last, datetime(2026, 11, 21, 5, 30, tzinfo=RIYADH))
        assert self.due(channel, last, datetime(2026, 11, 21, 6, 0, tzinfo=RIYADH))

    def test_a_time_that_the_clock_skips_or_repeats_comes_once(self) -> None:
        channel = Channel(id="d", url="", digest=(Digest(hour=2, minute=30),))
        for day in (datetime(2026, 3, 29, tzinfo=BERLIN), datetime(2026, 10, 25, tzinfo=BERLIN)):
            midnight, sent, count = day.timestamp(), day.timestamp(), 0
            for minute in range(0, 24 * 60, 10):
                if digest_due(channel, sent, midnight + minute * 60, BERLIN):
                    sent, count = midnight + minute * 60, count + 1
            assert count == 1

    def test_the_next_one_is_known(self) -> None:
        """On its next day; one whose time lies in quiet hours when these end, also while they hold."""
        weekly = Channel(id="d", url="", digest=(Digest(hour=7, minute=0, weekdays=frozenset({5})),))
        late = Channel(id="d", url="", digest=weekly.digest, quiet=(Quiet(start=6 * 60, end=9 * 60),))
        times = [(20, 12), (21, 6), (21, 7), (21, 8), (21, 9)]
        nows = [datetime(2026, 11, day, hour, tzinfo=RIYADH).timestamp() for day, hour in times]

        def shown(channel: Channel) -> list[tuple[int, int]]:
            found = [datetime.fromtimestamp(next_digest(channel, now, RIYADH), RIYADH) for now in nows]
            return [(when.day, when.hour) for when in found]

        assert shown(weekly) == [(21, 7), (21, 7), (28, 7), (28, 7), (28, 7)]
        assert shown(late) == [(21, 9), (21, 9), (21, 9), (21, 9), (28, 9)]
        assert next_digest(Channel(id="d", url=""), nows[0], RIYADH) == 0.0

    def test_one_that_was_sent_by_a_clock_years_ahead_counts_for_nothing(self) -> None:
        """One sent an hour ahead counts: it is not sent again when the hour comes."""
        seven = datetime(2026, 11, 21, 7, 0, tzinfo=RIYADH)
        assert self.due(self.daily, datetime(2036, 11, 21, 7, tzinfo=RIYADH), seven)
        assert not self.due(self.daily, datetime(2026, 11, 21, 8, tzinfo=RIYADH), seven)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(59, "59 s"), (60, "1 min"), (7199, "120 min"), (7200, "2 h"), (71 * 3600, "71 h"), (72 * 3600, "3 d")],
)
def test_durations_are_told_in_their_largest_fitting_unit(seconds: float, words: str) -> None:
    assert span(seconds) == words
