from app.bootstrap import collection_times
from app.settings.model import TimeSettings
from sources.gather import GatherTimes


def test_a_source_gets_as_long_as_its_own_setting_says_up_to_the_end_of_the_collection() -> None:
    times = collection_times(TimeSettings(show_after_seconds=7, collection_seconds=25))
    assert times.gather == GatherTimes(source_seconds=25, total_seconds=25)
    assert times.show_after_seconds == 7
