from __future__ import annotations

import time

from index.stages import recording, stage


def test_times_add_up_and_inner_stages_count_for_themselves() -> None:
    begun = time.perf_counter()
    with recording() as stages:
        for _ in range(3):
            with stage("outer", articles=0) as counted:
                time.sleep(0.01)
                with stage("inner"):
                    time.sleep(0.02)
                counted.articles += 2
    took = time.perf_counter() - begun
    outer, inner = stages
    assert (outer.name, outer.articles, inner.name, inner.articles) == ("outer", 6, "inner", 3)
    assert outer.seconds >= 0.03
    assert inner.seconds >= 0.06
    assert outer.seconds + inner.seconds <= took


def test_nothing_is_recorded_when_nobody_asks() -> None:
    with stage("read") as counted:
        counted.articles = 5
    with recording() as stages:
        pass
    assert list(stages) == []


def test_work_elsewhere_counts_as_far_as_it_was_waited_for() -> None:
    with recording() as elsewhere:
        with stage("pages", articles=3):
            time.sleep(0.03)
        with stage("languages", articles=3):
            time.sleep(0.01)
    with recording() as stages, stage("read", articles=3):
        time.sleep(0.02)
        stages.add_waited(elsewhere, 0.01)
    read, pages, languages = stages
    assert pages.articles == languages.articles == 3
    assert abs(pages.seconds + languages.seconds - 0.01) < 1e-9
    assert pages.seconds > languages.seconds
    assert read.seconds >= 0.01
